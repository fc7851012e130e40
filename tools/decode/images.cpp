// SPDX-License-Identifier: MIT
#include "decode/images.hpp"

#include <algorithm>

#include "surefoot/address.hpp"

namespace surefoot::tools {
namespace {

// BL and BLR, and the forms of BLR that authenticate [arm-arm C4.1.66].
bool is_call(std::uint32_t word) {
  return (word & 0xfc00'0000) == 0x9400'0000 || (word & 0xffff'fc1f) == 0xd63f'0000 ||
         (word & 0xfeff'f800) == 0xd63f'0800;
}

// What a line does not say the code before the address tells: a call or not.
Role role_of(const Image& image, std::uint64_t address, Role said) {
  if (said != Role::unsaid) return said;
  const std::optional<std::uint32_t> before = image.instruction_at(address - instruction_size);
  return before && is_call(*before) ? Role::return_address : Role::exact;
}

Resolved resolved_at(LoadedImage& image, std::uint64_t address, Role said) {
  const Role role = role_of(image.image(), address, said);
  return {.image = &image,
          .address = address,
          .lookup = role == Role::return_address ? address - instruction_size : address,
          .role = role};
}

// True for an address whose upper bits do not repeat bit 55, as those of a signed return address [arm-arm D8.10.3]:
// they do not tell where the code is.
bool may_be_signed(std::uint64_t address) {
  constexpr unsigned most_address_bits = 52;
  return PointerAuthMask::for_address_bits(most_address_bits).strip(address) != address;
}

}  // namespace

std::optional<Resolved> Images::by_address(std::uint64_t address, Role role) {
  for (LoadedImage& image : images_) {
    const Resolved resolved = resolved_at(image, address - image.slide(), role);
    const Section* const section = image.image().section_at(resolved.lookup);
    if (section != nullptr && section->is_executable && resolved.lookup % instruction_size == 0) return resolved;
  }
  return std::nullopt;
}

// The image that a name without an address is of. Lines with an address do not name the module.
LoadedImage* Images::image_of(const LoggedAddress& address) {
  const NamedPlace& place = *address.place;
  const auto named = std::ranges::find(images_, place.module, &LoadedImage::name);
  if (named == images_.end()) return nullptr;
  if (!address.value || !place.module.empty()) return &*named;
  const auto having =
      std::ranges::find_if(images_, [&](LoadedImage& image) { return !image.find_code(place.name).empty(); });
  return having == images_.end() ? &*named : &*having;
}

Resolution Images::by_name(const LoggedAddress& address) {
  const NamedPlace& place = *address.place;
  LoadedImage* const image = image_of(address);
  if (image == nullptr) return {.found = {}, .reason = Unresolved::no_such_module};
  std::vector<NamedCode> codes = image->find_code(place.name);
  if (codes.empty()) {
    const bool is_outside = address.value.has_value();
    return {.found = {}, .reason = is_outside ? Unresolved::outside : Unresolved::no_such_function};
  }
  std::vector<NamedCode> same_size;
  std::ranges::copy_if(codes, std::back_inserter(same_size),
                       [&](const NamedCode& code) { return image->has_code(code.start, place.size); });
  const bool is_other_size = same_size.empty();
  if (!is_other_size) codes = same_size;
  if (address.value) {
    // Of several functions the one that the address is in, if the image is where it is thought to be.
    const auto at = std::ranges::find_if(
        codes, [&](const NamedCode& code) { return code.start + place.offset + image->slide() == *address.value; });
    if (at != codes.end()) codes = {*at};
  }
  Resolved resolved = resolved_at(*image, codes.front().start + place.offset, address.role);
  resolved.other_size = is_other_size ? codes.front().size : 0;
  resolved.candidates = codes.size();
  return {.found = resolved};
}

Resolution Images::resolve(const LoggedAddress& address) {
  constexpr std::uint64_t page_size = 4096;
  if (!address.value) return address.place ? by_name(address) : Resolution{};
  std::optional<Resolved> at = by_address(*address.value, address.role);
  if (!address.place) return {.found = at};
  const NamedPlace& place = *address.place;
  // The name may be spelled in another way; that code begins there and is as large says more.
  if (at && at->image->has_code(at->address - place.offset, place.size)) return {.found = at};
  const Resolution named = by_name(address);
  if (!named.found) return {.found = at, .reason = named.reason, .is_other_name = at.has_value()};
  if (named.found->other_size != 0 || named.found->candidates > 1) return named;
  // The right name at another address: the kernel was loaded elsewhere than it was linked to.
  Resolution moved = named;
  const std::uint64_t slide = *address.value - named.found->address;
  moved.is_moved = slide != named.found->image->slide() && slide % page_size == 0 && !may_be_signed(*address.value);
  if (moved.is_moved) named.found->image->set_slide(slide);
  return moved;
}

}  // namespace surefoot::tools
