package dev.ermine.federation;

import static java.util.Objects.requireNonNull;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.ConsentRules;
import dev.ermine.policy.Consents;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryRules;
import dev.ermine.policy.LabelRules;
import dev.ermine.policy.Release;
import dev.ermine.region.Agreement;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An officer's question which of these entries of one region a query would disclose, given what is
 * recorded of the patient: each entry by itself, without those that it refers to.
 *
 * @param asker who asks whom, for what; it names the one region that holds the entries
 * @param held what that region has recorded of the patient's decisions
 * @param askers what the asking region has
 */
public record EntryEnquiry(
    Enquiry asker, List<Entry> held, List<Entry> askers, List<Entry> entries) {

  public EntryEnquiry {
    held = List.copyOf(held);
    askers = List.copyOf(askers);
    entries = List.copyOf(entries);
  }

  /** What became of it. */
  public sealed interface Answer {

    /** Each entry is weighed. */
    record Weighed(List<Weight> weights) implements Answer {
      public Weighed {
        weights = List.copyOf(weights);
      }

      /** Whether there is something, and all of it is disclosed. */
      public boolean disclosed() {
        return !weights.isEmpty() && weights.stream().allMatch(Weight::disclosed);
      }
    }

    /** It cannot be answered. */
    record Unclear(List<Enquiry.Fault> faults) implements Answer {
      public Unclear {
        faults = List.copyOf(faults);
      }
    }
  }

  /**
   * What becomes of one entry.
   *
   * @param rule the id of what decided
   * @param because how it came about, in words
   */
  public record Weight(String type, boolean disclosed, String rule, List<String> because) {
    public Weight {
      because = List.copyOf(because);
    }
  }

  /** The answer of the version whose rehearsal it is. */
  public Answer answer(Rehearsal rehearsal, Instant now) {
    List<Enquiry.Fault> faults = new ArrayList<>(asker.faults(rehearsal.regions()));
    if (asker.to().size() != 1) {
      faults.add(new Enquiry.Fault("to", "names the one region that holds the entries; say which"));
    }
    return faults.isEmpty()
        ? new Answer.Weighed(weights(rehearsal, asker.moment(now)))
        : new Answer.Unclear(faults);
  }

  private List<Weight> weights(Rehearsal rehearsal, Instant at) {
    Regions regions = rehearsal.regions();
    Region asking = regions.region(asker.from()).orElseThrow();
    Region holder = regions.region(asker.to().getFirst()).orElseThrow();
    Enquirer enquirer = asker.enquirer(asking, at);
    List<String> types = entries.stream().map(Entry::type).distinct().toList();
    Map<String, Prospect> prospects = new LinkedHashMap<>();
    rehearsal
        .explain(enquirer, holder::equals, types, at)
        .forEach(prospect -> prospects.put(prospect.type(), prospect));
    Release release =
        new Release(
            holder,
            enquirer.requester(),
            permits(prospects, regions),
            new LabelRules(regions.labelling()),
            at,
            false);
    EntryRules rules =
        EntryRules.of(
            release,
            ConsentRules.of(known(held, holder), holder, asking, enquirer.requester(), at),
            ConsentRules.of(known(askers, asking), asking, asking, enquirer.requester(), at));
    return entries.stream()
        .map(entry -> weight(entry, requireNonNull(prospects.get(entry.type())), rules, rehearsal))
        .toList();
  }

  /** The agreements that permit each type. */
  private static Map<String, List<Agreement>> permits(
      Map<String, Prospect> prospects, Regions regions) {
    Map<String, List<Agreement>> permits = new LinkedHashMap<>();
    prospects.values().stream()
        .filter(Prospect::permitted)
        .forEach(prospect -> permits.put(prospect.type(), agreements(prospect.rules(), regions)));
    return permits;
  }

  private static List<Agreement> agreements(List<String> ids, Regions regions) {
    return regions.agreements().stream().filter(each -> ids.contains(each.id())).toList();
  }

  /** A region without a record of its own has its Consents under no base. */
  private static Consents known(List<Entry> recorded, Region holder) {
    String base = holder.answers().map(answers -> answers.base().toString()).orElse("");
    return recorded.isEmpty() ? Consents.NONE : new Consents.Known(recorded, base);
  }

  private static Weight weight(
      Entry entry, Prospect prospect, EntryRules rules, Rehearsal rehearsal) {
    if (!prospect.permitted()) {
      return new Weight(
          entry.type(),
          false,
          String.join(", ", prospect.rules()),
          prospect.rules().stream().map(rule -> rule + ": " + rehearsal.words(rule)).toList());
    }
    if (rules.undecided()) {
      String why = "whether the patient objects cannot be established, so nothing is disclosed";
      return new Weight(
          entry.type(), false, "consent-unknown", because(Stream.of(why), entry, rules));
    }
    if (rules.withholdAll().isPresent()) {
      String why = "nothing at all of the record is disclosed";
      return new Weight(entry.type(), false, "withheld", because(Stream.of(why), entry, rules));
    }
    List<String> because = because(Stream.of(), entry, rules);
    return switch (rules.decide(entry)) {
      case EntryDecision.Disclosed(String rule) -> new Weight(entry.type(), true, rule, because);
      case EntryDecision.Withheld(_, String rule) -> new Weight(entry.type(), false, rule, because);
    };
  }

  private static List<String> because(Stream<String> first, Entry entry, EntryRules rules) {
    return Stream.concat(first, rules.explain(entry).stream()).toList();
  }

  /** Who asks, never what of whom. */
  @Override
  public String toString() {
    return "EntryEnquiry";
  }
}
