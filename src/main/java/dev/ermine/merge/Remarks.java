package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.quality.Census;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.merge.quality.Inspection;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said after the account of entries that are shown: that a region got something wrong in
 * them, or that it cannot be told whether they are what was asked for.
 */
final class Remarks {

  /** The code system of what regions get wrong. */
  static final String SYSTEM = "https://ermine.dev/fhir/CodeSystem/quality";

  /** The names of filters that it cannot be told of whether they let an entry by. */
  static final String FILTER_SYSTEM = "https://ermine.dev/fhir/CodeSystem/untold-filter";

  /** More entries than a reader would look at one by one are not pointed to. */
  private static final int POINTED = 20;

  private final Inspection inspection;
  private final List<Remark> all = new ArrayList<>();
  private final Map<RegionId, Census> census = new LinkedHashMap<>();

  Remarks(Instant at) {
    this.inspection = new Inspection(at);
  }

  /** Why entries of a region are set aside, with those under an address that another one has. */
  static List<Flaw> setAside(RegionView view, int doubled) {
    List<Flaw> flaws = new ArrayList<>(view.setAside());
    flaws.addAll(Collections.nCopies(doubled, Flaw.DUPLICATE_ID));
    return flaws;
  }

  /**
   * Looks at what a region discloses, the regions in the order of the Bundle.
   *
   * @param doubled entries under an address that another one has
   */
  void add(Region region, RegionView view, List<Placed> disclosed, int doubled) {
    Map<Flaw, List<String>> flawed = new EnumMap<>(Flaw.class);
    Map<String, List<String>> untold = new LinkedHashMap<>();
    for (Placed placed : disclosed) {
      for (Flaw flaw : inspection.of(placed.entry())) {
        flawed.computeIfAbsent(flaw, _ -> new ArrayList<>()).add(placed.fullUrl());
      }
      view.filtered()
          .untold()
          .forEach(
              (filter, fullUrls) -> {
                if (fullUrls.contains(placed.fullUrl())) {
                  untold.computeIfAbsent(filter, _ -> new ArrayList<>()).add(placed.fullUrl());
                }
              });
    }
    if (!flawed.isEmpty()) {
      all.add(flawed(region, flawed));
    }
    untold.forEach((filter, entries) -> all.add(untold(region, filter, entries)));
    count(region, disclosed.size(), setAside(view, doubled), flawed);
  }

  /** Looks at the Patients of a region of which nothing is merged: a slip may be why. */
  void add(Region region, List<Entry> patients) {
    List<Flaw> slips =
        patients.stream()
            .map(inspection::of)
            .filter(flaws -> flaws.contains(Flaw.INVALID_NHS_NUMBER))
            .map(_ -> Flaw.INVALID_NHS_NUMBER)
            .toList();
    census.put(region.id(), new Census(patients.size(), Flaw.counted(slips)));
  }

  private void count(
      Region region, int shown, List<Flaw> setAside, Map<Flaw, List<String>> flawed) {
    Map<Flaw, Integer> counts = Flaw.counted(setAside);
    flawed.forEach((flaw, entries) -> counts.put(flaw, entries.size()));
    census.put(region.id(), new Census(shown + setAside.size(), counts));
  }

  private Remark flawed(Region region, Map<Flaw, List<String>> flawed) {
    Map<Flaw, Integer> counts = new EnumMap<>(Flaw.class);
    List<Coding> codings = new ArrayList<>();
    flawed.forEach(
        (flaw, entries) -> {
          counts.put(flaw, entries.size());
          codings.add(new Coding(SYSTEM, flaw.id()));
        });
    return remark(
        Issue.Code.VALUE,
        region.name() + ": of the entries shown, " + Flaw.words(counts),
        codings,
        flawed.values().stream().flatMap(List::stream).distinct().toList());
  }

  private Remark untold(Region region, String filter, List<String> entries) {
    String them =
        entries.size() == 1
            ? "1 entry, since it is not coded or dated so"
            : entries.size() + " entries, since they are not coded or dated so";
    return remark(
        Issue.Code.INFORMATIONAL,
        "%s: whether `%s` matches cannot be told for %s: shown all the same"
            .formatted(region.name(), filter, them),
        List.of(new Coding(FILTER_SYSTEM, filter)),
        entries);
  }

  private static Remark remark(
      Issue.Code code, String text, List<Coding> codings, List<String> fullUrls) {
    return new Remark(
        new Issue(Issue.Severity.INFORMATION, code, text, codings, Optional.empty(), List.of()),
        fullUrls,
        POINTED);
  }

  /** In the order of the regions. */
  List<Remark> all() {
    return all;
  }

  /** How many entries of each region were looked at, and how many have which flaw. */
  Map<RegionId, Census> census() {
    return census;
  }
}
