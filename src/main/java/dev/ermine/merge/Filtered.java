package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.filter.Filter;
import dev.ermine.merge.filter.Filters;
import dev.ermine.merge.filter.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the filters of the query come to for one region's matches. What a region says it applied is
 * applied here all the same where every server would understand it alike, for its entries show
 * whether that is so; where servers may differ, its word stands.
 */
final class Filtered {

  private final Filters filters;
  private final PeerAnswer.Answered answered;
  private final Map<String, LeftOut> leftOut = new TreeMap<>();
  private final Map<String, Set<String>> untold = new TreeMap<>();
  private final Set<String> unchecked = new TreeSet<>();
  private final List<Entry> gone = new ArrayList<>();

  /** How many entries a filter leaves out, and whether the region says it applied that. */
  private record LeftOut(int entries, boolean said) {
    LeftOut and(LeftOut other) {
      return new LeftOut(entries + other.entries, said && other.said);
    }
  }

  Filtered(Filters filters, PeerAnswer.Answered answered) {
    this.filters = filters;
    this.answered = answered;
  }

  /** Whether an entry that might be disclosed is to be left out; what a match leads to is not. */
  boolean leavesOut(Entry entry) {
    if (entry.mode() != Entry.Mode.MATCH) {
      return false;
    }
    for (Filter filter : filters.of(entry.type())) {
      boolean said = says(entry.type(), filter);
      if ((filter.isExact() || !said) && filter.of(entry) == Verdict.FAILS) {
        leftOut.merge(filter.name(), new LeftOut(1, said), LeftOut::and);
        gone.add(entry);
        return true;
      }
    }
    return false;
  }

  /** Takes note of what cannot be told of an entry that stays. */
  void note(Placed placed) {
    if (placed.mode() != Entry.Mode.MATCH) {
      return;
    }
    Entry entry = placed.entry();
    for (Filter filter : filters.of(entry.type())) {
      if (!filter.canBeApplied()) {
        if (!says(entry.type(), filter)) {
          unchecked.add(filter.name());
        }
      } else if (filter.of(entry) == Verdict.UNTOLD) {
        untold.computeIfAbsent(filter.name(), _ -> new HashSet<>()).add(placed.fullUrl());
      }
    }
  }

  /** Whether the region says that it applied a filter in its search of a type. */
  private boolean says(String type, Filter filter) {
    return !(answered.types().get(type) instanceof PeerAnswer.TypeAnswer.Read read)
        || !read.unsaid().contains(filter.asked());
  }

  /** The matches that were left out. */
  List<Entry> gone() {
    return gone;
  }

  /** By filter, the {@code fullUrl} of what stays without its being told whether it passes. */
  Map<String, Set<String>> untold() {
    return untold;
  }

  /** What the account says of it: nothing, or words that follow the number of entries. */
  String words() {
    StringBuilder words = new StringBuilder();
    leftOut.forEach(
        (name, left) ->
            words
                .append("; ")
                .append(left.entries())
                .append(left.entries() == 1 ? " that does not match `" : " that do not match `")
                .append(name)
                .append("` left out: the region ")
                .append(left.said() ? "says it applied it" : "did not apply it"));
    if (!unchecked.isEmpty()) {
      words
          .append("; it does not say whether it applied `")
          .append(String.join("`, `", unchecked))
          .append("`, which cannot be checked here");
    }
    return words.toString();
  }
}
