// SPDX-License-Identifier: MIT
#include "linux/types.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <iterator>
#include <vector>

#include "linux/type_graph.hpp"

namespace surefoot::tools {
namespace {

// One step of a path: "mem[2]" is a name and an index.
struct Step {
  std::string_view name;
  std::optional<std::uint64_t> index;
};

// Takes the first step off the path. Empty if it is not spelt as one.
std::optional<Step> take_step(std::string_view& path) {
  const std::size_t dot = path.find('.');
  std::string_view text = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (dot != std::string_view::npos && path.empty()) return std::nullopt;
  Step step;
  if (const std::size_t bracket = text.find('['); bracket != std::string_view::npos) {
    const std::string_view digits = text.substr(bracket + 1);
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc() || digits.data() + digits.size() - end != 1 || *end != ']') return std::nullopt;
    step.index = index;
    text = text.substr(0, bracket);
  }
  if (text.empty()) return std::nullopt;
  step.name = text;
  return step;
}

// A member that was found: where it is in the type that the path began at, and what it is.
struct Place {
  std::uint64_t offset = 0;  // in bytes
  TypeGraph::Shape shape;
};

class GraphTypes : public Types {
 public:
  GraphTypes(std::unique_ptr<TypeGraph> graph, std::string_view source) : graph_(std::move(graph)), source_(source) {}

  std::optional<std::uint64_t> size_of(std::string_view type) const override {
    const auto shape = find_aggregate(type);
    return shape ? std::optional(shape->size) : std::nullopt;
  }
  std::optional<std::uint64_t> offset_of(std::string_view type, std::string_view path) const override {
    const auto place = find(type, path);
    return place ? std::optional(place->offset) : std::nullopt;
  }
  std::optional<std::uint64_t> size_of_member(std::string_view type, std::string_view path) const override {
    const auto place = find(type, path);
    return place ? std::optional(place->shape.size) : std::nullopt;
  }
  std::optional<std::uint64_t> count_of(std::string_view type, std::string_view path) const override {
    const auto place = find(type, path);
    if (!place || place->shape.kind != TypeGraph::Kind::array) return std::nullopt;
    return place->shape.count;
  }
  std::optional<std::int64_t> enumerator(std::string_view name) const override { return graph_->enumerator(name); }
  std::string_view source() const override { return source_; }

 private:
  std::optional<TypeGraph::Shape> find_aggregate(std::string_view name) const {
    const auto type = graph_->find(name);
    auto shape = type ? graph_->shape_of(*type) : std::nullopt;
    if (!shape || shape->kind != TypeGraph::Kind::aggregate) return std::nullopt;
    return shape;
  }

  std::optional<Place> find(std::string_view type, std::string_view path) const {
    const auto aggregate = find_aggregate(type);
    if (!aggregate || path.empty()) return std::nullopt;
    Place place{.offset = 0, .shape = *aggregate};
    for (unsigned depth = 0; !path.empty(); ++depth) {
      const auto step = take_step(path);
      if (depth == TypeGraph::max_depth || !step) return std::nullopt;
      // An array that the path goes on in stands for its first element.
      for (unsigned i = 0; place.shape.kind == TypeGraph::Kind::array; ++i) {
        const auto element = graph_->shape_of(place.shape.type);
        if (i == TypeGraph::max_depth || !element) return std::nullopt;
        place.shape = *element;
      }
      if (place.shape.kind != TypeGraph::Kind::aggregate) return std::nullopt;
      const auto member = find_member(place.shape, step->name);
      if (!member) return std::nullopt;
      place = {.offset = place.offset + member->offset, .shape = member->shape};
      if (step->index && !go_to_element(place, *step->index)) return std::nullopt;
    }
    return place;
  }

  bool go_to_element(Place& place, std::uint64_t index) const {
    if (place.shape.kind != TypeGraph::Kind::array || index >= place.shape.count) return false;
    const auto element = graph_->shape_of(place.shape.type);
    if (!element) return false;
    place.offset += index * element->size;  // inside of the array, whose size was checked
    place.shape = *element;
    return true;
  }

  // Breadth does not matter: a name is in a struct and its anonymous members at most once.
  std::optional<Place> find_member(const TypeGraph::Shape& aggregate, std::string_view name) const {
    struct Pending {
      TypeGraph::Type type;
      std::uint64_t bit_offset;
      unsigned depth;
    };
    std::vector<Pending> pending{{aggregate.type, 0, 0}};
    for (std::size_t seen = 0; !pending.empty() && seen < TypeGraph::max_members;) {
      const Pending next = pending.back();
      pending.pop_back();
      const std::vector<TypeGraph::Member> members = graph_->members_of(next.type);
      seen += members.size() + 1;
      for (const TypeGraph::Member& member : members) {
        if (!member.name.empty() && member.name != name) continue;
        const auto shape = graph_->shape_of(member.type);
        if (!shape) continue;
        const std::uint64_t bit_offset = next.bit_offset + member.bit_offset;
        if (member.name.empty()) {
          const bool is_opened = shape->kind == TypeGraph::Kind::aggregate && next.depth < TypeGraph::max_depth;
          if (is_opened) pending.push_back({shape->type, bit_offset, next.depth + 1});
          continue;
        }
        // No structure holds less than its members.
        const std::uint64_t offset = bit_offset / 8;
        const bool fits = offset <= aggregate.size && shape->size <= aggregate.size - offset;
        if (member.is_bit_field || bit_offset % 8 != 0 || !fits) return std::nullopt;
        return Place{.offset = offset, .shape = *shape};
      }
    }
    return std::nullopt;
  }

  std::unique_ptr<TypeGraph> graph_;
  std::string_view source_;
};

struct ElfCloser {
  void operator()(::Elf* elf) const { elf_end(elf); }
};

class File {
 public:
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// The bytes of .BTF, or what is wrong; empty if the file has none. Not mapped: the file could be cut meanwhile.
std::expected<std::vector<std::byte>, std::string> read_btf(const std::string& path) {
  const File file(path);
  struct ::stat status = {};
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) return std::unexpected("cannot be read");
  if (!S_ISREG(status.st_mode)) return std::unexpected("not a regular file");
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  constexpr std::uint64_t max_size = std::uint64_t{256} << 20;
  constexpr std::array<unsigned char, 2> btf_magic = {0x9f, 0xeb};
  std::array<unsigned char, 2> start = {};
  const bool has_start = ::pread(file.descriptor(), start.data(), start.size(), 0) == std::ssize(start);
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  if (has_start && start == btf_magic) {
    size = file_size;
  } else {
    elf_version(EV_CURRENT);
    const std::unique_ptr<::Elf, ElfCloser> elf(elf_begin(file.descriptor(), ELF_C_READ, nullptr));
    std::size_t names = 0;
    if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF || elf_getshdrstrndx(elf.get(), &names) != 0) {
      return std::unexpected("not an ELF file");
    }
    ::GElf_Ehdr file_header;
    std::size_t count = 0;
    if (gelf_getehdr(elf.get(), &file_header) == nullptr || elf_getshdrnum(elf.get(), &count) != 0 ||
        file_header.e_shoff > file_size || count > (file_size - file_header.e_shoff) / sizeof(Elf64_Shdr)) {
      return std::unexpected("truncated: the section headers are not in the file");
    }
    for (::Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
      ::GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) continue;
      const char* const name = elf_strptr(elf.get(), names, header.sh_name);
      if (name == nullptr || std::strcmp(name, ".BTF") != 0) continue;
      offset = header.sh_offset;
      size = header.sh_size;
      break;
    }
  }
  if (size == 0) return {};
  if (offset > file_size || size > file_size - offset || size > max_size) {
    return std::unexpected("its type information (BTF) is truncated or too large");
  }
  std::vector<std::byte> bytes(size);
  for (std::size_t done = 0; done < bytes.size();) {
    const auto count =
        ::pread(file.descriptor(), bytes.data() + done, bytes.size() - done, static_cast<::off_t>(offset + done));
    if (count <= 0) return std::unexpected("cannot be read");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

std::unique_ptr<Types> types_of_graph(std::unique_ptr<TypeGraph> graph, std::string_view source) {
  return std::make_unique<GraphTypes>(std::move(graph), source);
}

std::expected<std::unique_ptr<Types>, std::string> types_of_file(const std::string& path) {
  const std::expected<std::vector<std::byte>, std::string> btf = read_btf(path);
  if (!btf) return std::unexpected(btf.error());
  if (btf->empty()) return types_of_dwarf(path);
  auto types = types_of_btf(*btf);
  if (types) return types;
  // A file with damaged BTF may have DWARF all the same.
  auto others = types_of_dwarf(path);
  return others ? std::move(others) : std::move(types);
}

}  // namespace surefoot::tools
