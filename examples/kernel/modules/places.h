/* SPDX-License-Identifier: MIT
 *
 * The memory that modules are loaded into: places of one page, each for one module. For assembly and C++. */
#ifndef KERNEL_MODULE_PLACES_H
#define KERNEL_MODULE_PLACES_H

#define KERNEL_MODULE_PLACE_COUNT 4
#define KERNEL_MODULE_PLACE_SIZE 4096

#endif  // KERNEL_MODULE_PLACES_H
