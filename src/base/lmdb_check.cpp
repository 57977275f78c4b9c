// LMDB 0.9 has no page checksums and trusts what it reads: a flipped byte in a page makes it
// follow wild offsets, fail an assertion (abort) or, in a writer, overwrite pages that are in use.
// A library must not take its host process along, so the pages are read here first, with every
// offset checked: types, numbers, order of keys, free space, depth, the list of free pages, and
// that no page is used twice.
//
// Rejected: letting LMDB walk the file and remembering by a marker file whether the process
// survived. That costs one crash of somebody's server for each damage, and cannot say which of two
// processes died of it.
//
// The layout is that of mdb.c 0.9 (MDB_DATA_VERSION 1) on a 64-bit little-endian machine; of an
// LMDB that writes another one nothing is checked here (its own opening refuses old files).
#include "base/lmdb_check.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "bhashatts/bytes.h"

namespace bhashatts::lmdb {
namespace {

constexpr std::uint32_t kMagic = 0xBEEFC0DE;
constexpr std::uint32_t kDataVersion = 1;
constexpr std::uint64_t kNoPage = ~std::uint64_t{0};
constexpr std::size_t kPageHeader = 16;
constexpr std::size_t kNodeHeader = 8;
constexpr std::size_t kTreeRecord = 48;
constexpr std::uint64_t kMaxPages = std::uint64_t{1} << 36U;

enum PageFlag : std::uint16_t { kBranch = 1, kLeaf = 2, kOverflow = 4, kMeta = 8 };
enum NodeFlag : std::uint16_t { kBigData = 1, kSubTree = 2 };
constexpr std::uint16_t kIntegerKeys = 8;  // md_flags of the list of free pages

template <typename Number>
Number load(const char* at) {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

struct Tree {
  std::uint16_t flags = 0;
  std::uint16_t depth = 0;
  std::uint64_t entries = 0;
  std::uint64_t root = kNoPage;
};

Tree load_tree(const char* at) {
  return {load<std::uint16_t>(at + 4), load<std::uint16_t>(at + 6), load<std::uint64_t>(at + 32),
          load<std::uint64_t>(at + 40)};
}

struct Meta {
  std::uint32_t page_size = 0;
  Tree free_pages;
  Tree main;
  std::uint64_t last_page = 0;
  std::uint64_t txn = 0;
};

std::optional<Meta> load_meta(const char* page) {
  const char* const at = page + kPageHeader;
  if ((load<std::uint16_t>(page + 10) & kMeta) == 0) return std::nullopt;
  if (load<std::uint32_t>(at) != kMagic || load<std::uint32_t>(at + 4) != kDataVersion) {
    return std::nullopt;
  }
  Meta meta{load<std::uint32_t>(at + 24), load_tree(at + 24), load_tree(at + 72),
            load<std::uint64_t>(at + 120), load<std::uint64_t>(at + 128)};
  const std::uint32_t size = meta.page_size;
  const bool sane = size >= 512 && size <= 65'536 && (size & (size - 1)) == 0;
  return sane && meta.last_page < kMaxPages ? std::optional(meta) : std::nullopt;
}

constexpr std::size_t kMetaBytes = kPageHeader + 136;

// Both, or nothing. The second begins where the first says that its page ends.
std::optional<std::pair<Meta, Meta>> load_metas(std::string_view file) {
  if (file.size() < kMetaBytes) return std::nullopt;
  const auto first = load_meta(file.data());
  if (!first || file.size() < first->page_size + kMetaBytes) return std::nullopt;
  const auto second = load_meta(file.data() + first->page_size);
  if (!second || second->page_size != first->page_size) return std::nullopt;
  return std::pair(*first, *second);
}

bool other_layout() {
  int major = 0;
  mdb_version(&major, nullptr, nullptr);
  return major != 0;
}

struct Node {
  std::string_view key;
  std::uint16_t flags = 0;
  std::uint64_t child = 0;      // branch
  std::uint32_t data_size = 0;  // leaf
  const char* data = nullptr;
};

// One page still to be looked at, and the keys that it may hold.
struct Step {
  std::uint64_t page = 0;
  int tree = 0;
  std::uint16_t level = 0;               // 1: a leaf
  std::optional<std::string_view> low;   // first key allowed
  std::optional<std::string_view> high;  // first key not allowed
};

class Walk {
 public:
  Walk(std::string_view file, const Meta& meta, std::size_t max_leaves)
      : file_(file),
        size_(meta.page_size),
        pages_(std::min<std::uint64_t>(file.size() / size_, meta.last_page + 1)),
        last_page_(meta.last_page),
        seen_(pages_, false),
        leaves_left_(max_leaves),
        meta_(meta) {}

  Soundness run();

 private:
  void add(const Step& step);
  bool plant(const Tree& tree, bool main);
  bool look(const Step& step);
  bool look_at_branch(const Step& step, const std::vector<Node>& nodes);
  bool look_at_leaf(const Step& step, const std::vector<Node>& nodes);
  bool look_at_free_list(const Node& node);
  bool look_at_data(const Step& step, Node& node);
  bool claim(std::uint64_t first, std::uint64_t count);
  bool nodes_of(const Step& step, std::vector<Node>& nodes) const;
  bool in_order(const Step& step, const std::vector<Node>& nodes) const;
  bool less(const Step& step, std::string_view a, std::string_view b) const;
  const char* at(std::uint64_t page) const { return file_.data() + page * size_; }

  static constexpr int kFreeTree = 0;
  static constexpr int kMainTree = 1;

  std::string_view file_;
  std::uint64_t size_;
  std::uint64_t pages_;
  std::uint64_t last_page_;
  std::vector<bool> seen_;
  std::size_t leaves_left_;  // that may still be looked at
  bool partly_ = false;
  std::vector<Node> nodes_;  // of the page at hand
  Meta meta_;
  std::vector<Tree> trees_;
  std::vector<std::uint64_t> counted_;
  std::deque<Step> branches_;
  std::deque<Step> leaves_;
};

Soundness Walk::run() {
  if (pages_ < 2 || !claim(0, 2)) return Soundness::damaged;
  if ((meta_.free_pages.flags & ~std::uint16_t{kIntegerKeys}) != 0 || meta_.main.flags != 0) {
    return Soundness::damaged;
  }
  if (!plant(meta_.free_pages, false) || !plant(meta_.main, false)) return Soundness::damaged;
  while (!branches_.empty() || !leaves_.empty()) {
    auto& steps = branches_.empty() ? leaves_ : branches_;
    const Step step = steps.front();
    steps.pop_front();
    if (step.level == 1) --leaves_left_;
    if (!look(step)) return Soundness::damaged;
  }
  if (partly_) return Soundness::partly_seen;
  for (std::size_t i = 0; i < trees_.size(); ++i) {
    if (trees_[i].entries != counted_[i]) return Soundness::damaged;
  }
  return Soundness::whole;
}

// Leaves that will not be looked at are not remembered either: of a million entries that was half
// of the time (100,000 steps of 56 bytes).
void Walk::add(const Step& step) {
  if (step.level > 1) {
    branches_.push_back(step);
  } else if (leaves_.size() < leaves_left_) {
    leaves_.push_back(step);
  } else {
    partly_ = true;
  }
}

bool Walk::plant(const Tree& tree, bool named) {
  if (named && tree.flags != 0) return false;
  trees_.push_back(tree);
  counted_.push_back(0);
  if (tree.root == kNoPage) return tree.depth == 0 && tree.entries == 0;
  if (tree.depth == 0 || tree.depth > 30) return false;
  Step step{tree.root, static_cast<int>(trees_.size()) - 1, tree.depth, {}, {}};
  add(step);
  return true;
}

bool Walk::claim(std::uint64_t first, std::uint64_t count) {
  if (first >= pages_ || count == 0 || count > pages_ - first) return false;
  for (std::uint64_t page = first; page < first + count; ++page) {
    if (seen_[page]) return false;
    seen_[page] = true;
  }
  return true;
}

bool Walk::look(const Step& step) {
  if (!claim(step.page, 1)) return false;
  nodes_.clear();
  if (!nodes_of(step, nodes_) || !in_order(step, nodes_)) return false;
  return step.level > 1 ? look_at_branch(step, nodes_) : look_at_leaf(step, nodes_);
}

// Splits the page into its nodes. They must fill the space above `upper` to the last byte: LMDB
// moves them about by that rule.
bool Walk::nodes_of(const Step& step, std::vector<Node>& nodes) const {
  const char* const page = at(step.page);
  const auto lower = load<std::uint16_t>(page + 12);
  const auto upper = load<std::uint16_t>(page + 14);
  if (load<std::uint64_t>(page) != step.page) return false;
  if (load<std::uint16_t>(page + 10) != (step.level > 1 ? kBranch : kLeaf)) return false;
  if (lower <= kPageHeader || lower % 2 != 0 || lower > upper || upper > size_) return false;
  std::size_t used = 0;
  for (std::size_t slot = kPageHeader; slot < lower; slot += 2) {
    const auto offset = load<std::uint16_t>(page + slot);
    if (offset < upper || offset % 2 != 0 || offset + kNodeHeader > size_) return false;
    const char* const raw = page + offset;
    Node node;
    const std::uint32_t low = load<std::uint16_t>(raw) |
                              (static_cast<std::uint32_t>(load<std::uint16_t>(raw + 2)) << 16U);
    node.flags = load<std::uint16_t>(raw + 4);
    const std::size_t key_size = load<std::uint16_t>(raw + 6);
    std::size_t length = kNodeHeader + key_size;
    if (step.level > 1) {
      node.child = low | (static_cast<std::uint64_t>(node.flags) << 32U);
    } else {
      node.data_size = low;
      length += (node.flags & kBigData) != 0 ? sizeof(std::uint64_t) : low;
    }
    if (length > size_ - offset) return false;
    node.key = {raw + kNodeHeader, key_size};
    node.data = raw + kNodeHeader + key_size;
    used += length + length % 2;
    nodes.push_back(node);
  }
  return used == size_ - upper;
}

bool Walk::less(const Step& step, std::string_view a, std::string_view b) const {
  if (step.tree != kFreeTree) return a < b;
  return load<std::uint64_t>(a.data()) < load<std::uint64_t>(b.data());
}

// The first key of a branch page stands for "less than all" and is not looked at.
bool Walk::in_order(const Step& step, const std::vector<Node>& nodes) const {
  const std::size_t first = step.level > 1 ? 1 : 0;
  for (std::size_t i = first; i < nodes.size(); ++i) {
    const std::string_view key = nodes[i].key;
    if (step.tree == kFreeTree && key.size() != sizeof(std::uint64_t)) return false;
    if (i > first && !less(step, nodes[i - 1].key, key)) return false;
    if (step.low && less(step, key, *step.low)) return false;
    if (step.high && !less(step, key, *step.high)) return false;
  }
  return true;
}

bool Walk::look_at_branch(const Step& step, const std::vector<Node>& nodes) {
  // LMDB leaves a branch of one child in the list of free pages only.
  if (nodes.size() < 2 && step.tree != kFreeTree) return false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Step child{nodes[i].child, step.tree, static_cast<std::uint16_t>(step.level - 1), step.low,
               step.high};
    if (i > 0) child.low = nodes[i].key;
    if (i + 1 < nodes.size()) child.high = nodes[i + 1].key;
    add(child);
  }
  return true;
}

bool Walk::look_at_leaf(const Step& step, const std::vector<Node>& nodes) {
  counted_[static_cast<std::size_t>(step.tree)] += nodes.size();
  for (Node node : nodes) {
    if (!look_at_data(step, node)) return false;
    if (step.tree == kFreeTree && !look_at_free_list(node)) return false;
    if (step.tree == kMainTree && !plant(load_tree(node.data), true)) return false;
  }
  return true;
}

bool Walk::look_at_data(const Step& step, Node& node) {
  if (step.tree == kMainTree) return node.flags == kSubTree && node.data_size == kTreeRecord;
  if (node.flags == 0) return true;
  if (node.flags != kBigData) return false;
  const auto first = load<std::uint64_t>(node.data);
  if (first >= pages_) return false;
  const char* const page = at(first);
  const std::uint64_t count = load<std::uint32_t>(page + 12);
  if (load<std::uint64_t>(page) != first) return false;
  if (load<std::uint16_t>(page + 10) != kOverflow || !claim(first, count)) return false;
  node.data = page + kPageHeader;
  return node.data_size <= count * size_ - kPageHeader;
}

// A count, then page numbers that descend. Pages at the end of the map that were never written
// are on the list as well, though the file does not reach so far.
bool Walk::look_at_free_list(const Node& node) {
  if (node.data_size < 8 || node.data_size % 8 != 0) return false;
  const auto count = load<std::uint64_t>(node.data);
  if (count > node.data_size / 8 - 1) return false;
  std::uint64_t above = last_page_ + 1;
  for (std::uint64_t i = 1; i <= count; ++i) {
    const auto page = load<std::uint64_t>(node.data + 8 * i);
    if (page < 2 || page >= above) return false;
    above = page;
    if (page < pages_ && !claim(page, 1)) return false;
  }
  return true;
}

// The meta page of a snapshot stays as it is until the second commit after it.
std::optional<Meta> meta_of(std::string_view file, std::size_t txn) {
  const auto metas = load_metas(file);
  if (!metas) return std::nullopt;
  const Meta& meta = metas->first.txn == txn ? metas->first : metas->second;
  return meta.txn == txn ? std::optional(meta) : std::nullopt;
}

}  // namespace

bool metas_are_sound(const std::filesystem::path& data_file) {
  if (other_layout()) return true;
  const auto file = map_file(data_file);
  return !file || file->empty() || load_metas(file->chars()).has_value();
}

Soundness check_pages(MDB_txn* txn, const std::filesystem::path& data_file,
                      std::size_t max_leaves) {
  if (other_layout()) return Soundness::whole;
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto file = map_file(data_file);
    if (!file) return Soundness::damaged;
    if (const auto meta = meta_of(file->chars(), mdb_txn_id(txn))) {
      return Walk(file->chars(), *meta, max_leaves).run();
    }
    mdb_txn_reset(txn);  // two commits since the transaction began: take a younger snapshot
    if (mdb_txn_renew(txn) != MDB_SUCCESS) return Soundness::damaged;
  }
  return Soundness::damaged;
}

}  // namespace bhashatts::lmdb
