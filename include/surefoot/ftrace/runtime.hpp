// SPDX-License-Identifier: MIT
//
// Turning tracing on and off. The functions here are for one caller at a time: the kernel serialises them. Functions
// may be traced, and tracers may run, on all CPUs meanwhile.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/ftrace/patch_site.hpp"
#include "surefoot/ftrace/tracer.hpp"
#include "surefoot/patch_sites.hpp"

namespace surefoot::ftrace {

/// Names the patch sites: the contents of the section __patchable_function_entries, in any order. Comes before anything
/// else here, and again when a module comes or goes, with a table of all entries. Requires that nothing is registered,
/// that the entries stay in place, and that the word before each function is readable, which it is unless text begins
/// with a traced function.
void initialize(std::span<const std::uint64_t> entries) noexcept;

/// Writes the permanent half of every site (PatchSite::prepare): at boot, while nothing else runs, or for a module
/// before any of its functions runs. Sites that are prepared already stay as they are, whoever executes them. From then
/// on tracers come and go safely while other tasks and CPUs execute the functions; before, and after an error, which
/// leaves the sites before the offending one prepared, no tracer is registered. Calling it again may complete it.
[[nodiscard]] std::expected<void, PatchError> prepare() noexcept;

/// The patch sites as a walk wants them (Region::patch_sites). Refused if the linker did not sort the entries. Reads
/// the code at each site; after initialize(). A landing pad in front of a site belongs to it if all sites have one: GCC
/// leaves it out of a static function that is only called directly, and one such function leaves it out of all sites.
[[nodiscard]] std::expected<PatchSites, PatchSitesError> patch_sites() noexcept;

/// Begins to call the tracer. Calls on any CPU are noticed after this has returned; one that was already past its patch
/// site may go unnoticed. On an error nothing is changed: not_initialized, not_prepared, already_registered,
/// not_a_patch_site if the filter names a function that has none, or what a site says that cannot be patched. In the
/// last case other sites called the tracer for a moment: wait a GracePeriod before it is freed.
[[nodiscard]] std::expected<void, PatchError> register_tracer(Tracer& tracer) noexcept;

/// Stops calling the tracer. A callback that has begun may still run, on another CPU or in a preempted task: wait a
/// GracePeriod before the tracer is freed, changed or registered again. Refused as not_registered if it is not. Any
/// other error means that sites stayed patched; they call what is still registered.
[[nodiscard]] std::expected<void, PatchError> unregister_tracer(Tracer& tracer) noexcept;

/// Begins graph tracing. Errors as for register_tracer(); already_registered means this graph tracer or another.
[[nodiscard]] std::expected<void, PatchError> register_graph_tracer(GraphTracer& tracer) noexcept;

/// Stops graph tracing. Calls that are hooked still return through return_to_handler, whose exit callback is left out
/// while no graph tracer is registered. Otherwise as unregister_tracer().
[[nodiscard]] std::expected<void, PatchError> unregister_graph_tracer(GraphTracer& tracer) noexcept;

}  // namespace surefoot::ftrace
