// SPDX-License-Identifier: MIT
#include "values.hpp"

#include <algorithm>

namespace corrupt_dump {
namespace {

void make_unique(std::vector<std::uint64_t>& values, std::uint64_t but) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  std::erase(values, but);
}

}  // namespace

void Values::add_some(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from, std::size_t most) {
  if (from.size() <= most) {
    to.insert(to.end(), from.begin(), from.end());
    return;
  }
  for (std::size_t i = 0; i < most; ++i) to.push_back(from[random_() % from.size()]);
}

std::vector<std::uint64_t> Values::of(const Victim& victim, const ChangedWord& word) {
  const std::uint64_t is = word.value;
  std::vector<std::uint64_t> values = {0,
                                       1,
                                       ~std::uint64_t{0},
                                       is - 8,
                                       is + 8,
                                       is - 16,
                                       is + 16,
                                       is - 32,
                                       is + 32,
                                       is - 4,
                                       is + 4,
                                       victim.final_record_at,
                                       victim.task.address};
  constexpr std::size_t most_records = 64;
  constexpr std::size_t most_stale = 16;
  constexpr std::size_t some = 8;
  std::vector<std::uint64_t> own;
  for (const Record& record : victim.records) own.push_back(record.at);
  add_some(values, own, most_records);
  own.clear();
  for (const Record& record : victim.stale) own.push_back(record.at);
  add_some(values, own, most_stale);
  add_some(values, pool_.records, some / 2);
  for (const auto& frame : victim.exact.frames) values.push_back(frame.frame.pc);
  add_some(values, pool_.return_addresses, 2 * some);
  add_some(values, calls_.all(), some);
  add_some(values, calls_.by_register(), some);
  values.insert(values.end(), pool_.hooks.begin(), pool_.hooks.end());
  const surefoot::AddressRange text = calls_.text();
  for (std::size_t i = 0; i < some && !text.is_empty(); ++i) {
    values.push_back(text.start() + random_() % (text.end() - text.start()) / 4 * 4);
  }
  make_unique(values, is);
  return values;
}

std::vector<std::uint64_t> Values::more_of(const Victim& victim, const ChangedWord& word) {
  std::vector<std::uint64_t> values;
  for (const ChangedWord& other : victim.words) values.push_back(other.address);
  constexpr std::size_t some = 128;
  const std::uint64_t pc = dump_.code().kernel().pac().strip(word.value);
  const auto& frames = victim.exact.frames;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    if (frames[i].frame.pc != pc) continue;
    const std::uint64_t inner = frames[i - 1].frame.address().lookup();
    if (const auto place = dump_.symbols().find(inner)) add_some(values, calls_.of(inner - place->offset), some);
    add_some(values, calls_.by_register(), some);
    add_some(values, calls_.of_special(), some);
    const auto outer = dump_.symbols().find(pc - 4);
    if (!outer) continue;
    const std::uint64_t start = pc - 4 - outer->offset;
    const auto& all = calls_.all();
    const auto first = std::ranges::upper_bound(all, start);
    const auto last = std::ranges::upper_bound(all, start + outer->size);
    add_some(values, std::vector<std::uint64_t>(first, last), some);
  }
  make_unique(values, word.value);
  return values;
}

}  // namespace corrupt_dump
