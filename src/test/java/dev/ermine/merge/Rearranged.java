package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What a region answered, with its entries in another order, or only some of them. */
final class Rearranged {

  private Rearranged() {}

  /** The entries of each type in an order that nobody meant. */
  static Contribution shuffled(Contribution contribution, Random random) {
    return with(
        contribution,
        entries -> {
          List<Entry> shuffled = new ArrayList<>(entries);
          Collections.shuffle(shuffled, random);
          return shuffled;
        },
        Given.SHARES_ALL);
  }

  /** Some of the entries, under that policy. */
  static Contribution kept(Contribution contribution, Predicate<Entry> kept, EntryPolicy policy) {
    return with(contribution, entries -> entries.stream().filter(kept).toList(), policy);
  }

  static Contribution with(
      Contribution contribution, UnaryOperator<List<Entry>> rearranging, EntryPolicy policy) {
    if (!(contribution instanceof Contribution.Asked asked)
        || !(asked.answer() instanceof PeerAnswer.Answered answered)) {
      throw new AssertionError("every region answers");
    }
    Map<String, TypeAnswer> types = new LinkedHashMap<>(answered.types());
    types.replaceAll(
        (_, answer) ->
            answer instanceof TypeAnswer.Read(List<Entry> entries, var gaps, var unsaid)
                ? new TypeAnswer.Read(rearranging.apply(entries), gaps, unsaid)
                : answer);
    return new Contribution.Asked(
        asked.region(),
        asked.types(),
        asked.disclosable(),
        asked.denied(),
        asked.deniedBy(),
        asked.rules(),
        new PeerAnswer.Answered(answered.patients(), types),
        policy,
        asked.notices(),
        asked.offer());
  }

  /** The entry as something that came with a match. */
  static Entry included(Entry entry) {
    return new Entry(
        entry.resource(),
        entry.type(),
        entry.id(),
        entry.fullUrl(),
        Entry.Mode.INCLUDE,
        entry.identifiers(),
        entry.references(),
        entry.urls(),
        entry.contained(),
        entry.facets());
  }
}
