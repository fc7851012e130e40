// SPDX-License-Identifier: MIT
//
// Much work of one kind, by several threads, with results that do not depend on how many there are.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace surefoot::tools {

/// How work is to be done, and who hears how far it is.
struct Work {
  unsigned jobs = 1;  ///< threads at a time; with 1, no other than the caller's
  /// Called by one thread at a time. `what` is done with `done` of `all`.
  std::function<void(std::string_view what, std::size_t done, std::size_t all)> progress =
      [](std::string_view, std::size_t, std::size_t) {};
};

/// Calls take(i, make(i)) for all i below count. Several threads make at once; one at a time takes, by rising i. What
/// either throws is thrown here, after all threads have ended.
template <typename Make, typename Take>
void make_in_order(std::size_t count, unsigned jobs, const Make& make, const Take& take) {
  if (jobs <= 1) {
    for (std::size_t i = 0; i < count; ++i) take(i, make(i));
    return;
  }
  // How many results may wait for one that takes long, so that they do not fill the memory.
  const std::size_t max_waiting = std::size_t{jobs} * 64;
  std::mutex mutex;  // of all that follows
  std::condition_variable has_room;
  std::map<std::size_t, std::invoke_result_t<const Make&, std::size_t>> waiting;
  std::size_t next = 0;   // to be made
  std::size_t taken = 0;  // so many, in order
  std::exception_ptr failure;

  const auto take_what_is_next = [&] {
    while (!waiting.empty() && waiting.begin()->first == taken) {
      auto made = waiting.extract(waiting.begin());
      take(taken, std::move(made.mapped()));
      ++taken;
    }
    has_room.notify_all();
  };
  const auto run = [&] {
    std::unique_lock lock(mutex);
    try {
      while (true) {
        // Whoever makes the next one to be taken does not wait here.
        has_room.wait(lock, [&] { return failure || next == count || next - taken < max_waiting; });
        if (failure || next == count) return;
        const std::size_t mine = next++;
        lock.unlock();
        auto made = make(mine);
        lock.lock();
        waiting.emplace(mine, std::move(made));
        take_what_is_next();
      }
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      if (!failure) failure = std::current_exception();
      has_room.notify_all();
    }
  };
  {
    std::vector<std::jthread> others;
    others.reserve(jobs - 1);
    try {
      while (others.size() < jobs - 1) others.emplace_back(run);
    } catch (const std::system_error&) {
      // The machine has no more threads to give: those that there are do it.
    }
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace surefoot::tools
