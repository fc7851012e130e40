// SPDX-License-Identifier: MIT
//
// The serial port [pl011]. Output only, and by polling: it has to work in a panic, where no interrupt arrives.
#pragma once

namespace kernel::pl011 {

/// 115200 baud, 8 bits, no parity, FIFO on, transmitter on.
void initialize() noexcept;

/// Sends one byte; waits while the FIFO is full. Works before initialize on a machine whose firmware has set it up.
void send(char byte) noexcept;

}  // namespace kernel::pl011
