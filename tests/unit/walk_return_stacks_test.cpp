// SPDX-License-Identifier: MIT
//
// Several return stacks in one task, each ordered in itself (hazards G20, K4), and entries that an exit without a
// return left behind (G19).
#include <array>

#include "support/described.hpp"
#include "support/range_table.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::handler;
using code::probe;
using code::ret;

constexpr Evidence hooked = EvidenceBit::return_address_hooked;

class WalkReturnStacks : public DescribedTest {
 protected:
  WalkReturnStacks() {
    regions.front().special_ranges = usual_table().make().value();
    return_stacks = {&graph, &probes};
  }
  // A function that is to return to `return_address`, or to a hook, and whose caller's record is `key`.
  void push(ReturnStack& to, std::uint64_t return_address, const Ref& key, std::uint64_t hook) {
    ASSERT_TRUE(to.push(
        {.return_address = return_address, .function = code::function(200), .key = address(key), .hook = hook}));
  }
  void push_graph(std::uint64_t return_address, const Ref& key) { push(graph, return_address, key, handler); }
  void push_probe(std::uint64_t return_address, const Ref& key) { push(probes, return_address, key, probe); }
  [[nodiscard]] Walked walk_chain() {
    own_stacks = {{.range = AddressRange(stack.base(), stack.end())}};
    final_record_at = address("final");
    return walk(Start::at_call({.fp = address("a"), .sp = stack.base(), .pc = ret(0)}));
  }
  // Records a, b, c, d with these return addresses.
  void draw(const std::array<std::uint64_t, 4>& lrs) {
    stack.record("a", "b", lrs[0]).record("b", "c", lrs[1]).record("c", "d", lrs[2]).record("d", "final", lrs[3]);
    stack.final_record();
  }

  StackImage& stack = memory.add_stack(0x7000'0000, StackKind::task);
  std::array<ReturnEntry, 8> graph_storage;
  std::array<ReturnEntry, 8> probe_storage;
  ReturnStack graph{graph_storage};
  ReturnStack probes{probe_storage};
};

TEST_F(WalkReturnStacks, G20_TrustEntriesThatAreInterleaved) {
  draw({handler, probe, probe, handler});
  push_graph(ret(4), "final");
  push_probe(ret(3), "d");
  push_probe(ret(2), "c");
  push_graph(ret(1), "b");
  const Walked expected = reliable({from_start(ret(0)), from_return_stack(ret(1)), from_return_stack(ret(2)),
                                    from_return_stack(ret(3)), from_return_stack(ret(4))},
                                   address("final"));
  expect(expected, walk_chain());
  return_stacks = {&probes, &graph};
  expect(expected, walk_chain());
}

TEST_F(WalkReturnStacks, G20_TrustPlainFramesAmongThem) {
  draw({ret(1), probe, ret(3), handler});
  push_graph(ret(4), "final");
  push_probe(ret(2), "c");
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_return_stack(ret(2)), from_record(ret(3)),
                   from_return_stack(ret(4))},
                  address("final")),
         walk_chain());
}

// Two tracers of one kind, each with its own stack and the same trampoline: which entry is meant, the key tells.
TEST_F(WalkReturnStacks, G20_TrustOneHookInTwoStacks) {
  draw({handler, handler, handler, handler});
  push(probes, ret(4), "final", handler);
  push_graph(ret(3), "d");
  push(probes, ret(2), "c", handler);
  push_graph(ret(1), "b");
  expect(reliable({from_start(ret(0)), from_return_stack(ret(1)), from_return_stack(ret(2)), from_return_stack(ret(3)),
                   from_return_stack(ret(4))},
                  address("final")),
         walk_chain());
}

TEST_F(WalkReturnStacks, G20_TrustAsManyAsThereMayBe) {
  draw({handler, handler, handler, handler});
  std::array<std::array<ReturnEntry, 2>, 3> storage;
  std::array<ReturnStack, 3> others{ReturnStack(storage[0]), ReturnStack(storage[1]), ReturnStack(storage[2])};
  return_stacks = {others.data(), &others[1], &others[2], &graph};
  ASSERT_EQ(return_stacks.size(), max_return_stacks);
  push(others[0], ret(1), "b", handler);
  push(others[1], ret(2), "c", handler);
  push(others[2], ret(3), "d", handler);
  push_graph(ret(4), "final");
  EXPECT_TRUE(walk_chain().verdict.is_reliable());
}

TEST_F(WalkReturnStacks, G20_AreRefusedWhenTheyAreTooMany) {
  draw({ret(1), ret(2), ret(3), ret(4)});
  return_stacks.resize(max_return_stacks, &graph);
  return_stacks.push_back(&probes);
  expect(unreliable({}, {.stop = StopReason::bad_task}), walk_chain());
}

// K4: the order in which two mechanisms took one address is told by what each found there.
TEST_F(WalkReturnStacks, K4_G20_ResolveAnAddressThatTwoMechanismsTook) {
  for (const bool is_probe_first : {true, false}) {
    SCOPED_TRACE(is_probe_first ? "the probe first" : "the graph first");
    memory = Memory();
    StackImage& image = memory.add_stack(0x7000'0000, StackKind::task);
    image.record("a", "b", is_probe_first ? handler : probe).record("b", "final", ret(2)).final_record();
    push_probe(is_probe_first ? ret(1) : handler, "b");
    push_graph(is_probe_first ? probe : ret(1), "b");
    own_stacks = {{.range = AddressRange(image.base(), image.end())}};
    final_record_at = address("final");
    const Walked expected =
        reliable({from_start(ret(0)), from_return_stack(ret(1)), from_record(ret(2))}, address("final"));
    for (int turn = 0; turn < 2; ++turn) {
      expect(expected, walk(Start::at_call({.fp = address("a"), .sp = image.base(), .pc = ret(0)})));
      std::swap(return_stacks[0], return_stacks[1]);
    }
    probes.pop();
    graph.pop();
  }
}

// Two entries that lead to each other's hook: found out, however many stacks they are in.
TEST_F(WalkReturnStacks, K4_EndAtEntriesThatLeadInACircle) {
  draw({handler, ret(2), ret(3), ret(4)});
  push_probe(handler, "b");
  push_graph(probe, "b");
  const Walked walked = walk_chain();
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_address_unresolved));
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_entry_out_of_order));
  EXPECT_FALSE(walked.verdict.is_reliable());
  EXPECT_EQ(walked.frames.size(), 5U);
}

TEST_F(WalkReturnStacks, G20_G10_GoOnWithTheOthersIfOneIsDamaged) {
  draw({handler, probe, ret(3), ret(4)});
  push_graph(ret(1), "b");
  push_probe(ret(2), "c");
  set_depth(graph, graph.capacity() + 1);
  expect(unreliable({from_start(ret(0)), unresolved(handler), from_return_stack(ret(2)), from_record(ret(3)),
                     from_record(ret(4))},
                    {.stop_at = address("final"), .also = EvidenceBit::return_stack_damaged}),
         walk_chain());
  set_depth(graph, 1);
  EXPECT_TRUE(walk_chain().verdict.is_reliable());
}

// In each stack for itself: entries of the other are neither skipped nor out of order.
TEST_F(WalkReturnStacks, G20_G5_DoubtAnEntryThatIsPassedOverInItsOwnStack) {
  draw({probe, handler, ret(3), ret(4)});
  push_graph(ret(2), "c");
  push_graph(ret(9), "a");  // of a function that is missing
  push_probe(ret(1), "b");
  expect(unreliable(
             {from_start(ret(0)), from_return_stack(ret(1)),
              from_return_stack(ret(2), EvidenceBit::return_entry_skipped), from_record(ret(3)), from_record(ret(4))},
             {.stop_at = address("final"), .first_doubtful = 2}),
         walk_chain());
}

TEST_F(WalkReturnStacks, G20_G6_DoubtEntriesThatAreLeftOverInAnyStack) {
  draw({handler, ret(2), ret(3), ret(4)});
  push_probe(ret(9), "c");
  push_graph(ret(1), "b");
  const std::vector<Frame> frames{from_start(ret(0)), from_return_stack(ret(1)), from_record(ret(2)),
                                  from_record(ret(3)), from_record(ret(4))};
  const Doubt doubt{.stop_at = address("final"), .first_doubtful = 2, .also = EvidenceBit::return_entry_left_over};
  expect(unreliable(frames, doubt), walk_chain());
  return_stacks = {&probes, &graph};
  expect(unreliable(frames, doubt), walk_chain());
}

TEST_F(WalkReturnStacks, G20_G17_DoubtAnEmptySlotInAnyStack) {
  draw({handler, ret(2), ret(3), ret(4)});
  push_probe(ret(9), "c");
  probe_storage[0].return_address = 0;
  push_graph(ret(1), "b");
  const Walked walked = walk_chain();
  EXPECT_EQ(text(walked.verdict.evidence), text(hooked | EvidenceBit::return_entry_invalid));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

// G19: P (record b) was jumped back into from far below; its callees, whose entries are still there, never returned.
class WalkAbandoned : public WalkReturnStacks {
 protected:
  WalkAbandoned() {
    stack.junk(6).mark("gone").junk(4);
    draw({ret(1), handler, ret(3), ret(4)});
    push_graph(ret(2), "c");  // P's own
    push_graph(ret(8), "b");  // of a function that P called
    push_graph(ret(9), "gone");
  }
  [[nodiscard]] std::vector<Frame> frames(Evidence at_p) const {
    return {from_start(ret(0)), from_record(ret(1)), from_return_stack(ret(2), at_p), from_record(ret(3)),
            from_record(ret(4))};
  }
};

TEST_F(WalkAbandoned, G19_DoubtsATraceWhileTheirEntriesAreThere) {
  expect(unreliable(frames(EvidenceBit::return_entry_skipped), {.stop_at = address("final")}), walk_chain());
}

TEST_F(WalkAbandoned, G19_TrustsATraceOnceTheyWereDropped) {
  EXPECT_EQ(graph.drop(AddressRange(stack.base(), address("b") + 1)), 2U);
  expect(reliable(frames({}), address("final")), walk_chain());
  EXPECT_EQ(graph.drop(AddressRange(stack.base(), address("b") + 1)), 0U);
}

TEST_F(WalkAbandoned, G19_DropsAHalfWrittenEntryAmongThem) {
  graph_storage[2].return_address = 0;
  EXPECT_EQ(graph.drop(AddressRange(stack.base(), address("b") + 1)), 2U);
  expect(reliable(frames({}), address("final")), walk_chain());
}

TEST_F(WalkAbandoned, G19_DropsAllOfATaskThatIsKilled) {
  EXPECT_EQ(graph.drop(AddressRange(stack.base(), stack.end())), 3U);
  EXPECT_EQ(graph.depth(), 0U);
  for (const ReturnEntry& entry : graph_storage) EXPECT_EQ(entry.return_address, 0U);
}

}  // namespace
}  // namespace surefoot::testing
