package dev.ermine.region;

import dev.ermine.fhir.Coding;
import dev.ermine.region.Change.Effect;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All that one version of {@code regions.yaml} declares differently from another. What agreements,
 * denials and a region's status come to is not said here, for that takes deciding.
 */
public final class DeclarationChanges {

  private final Regions before;
  private final Regions after;
  private final Changes changes = new Changes();

  private DeclarationChanges(Regions before, Regions after) {
    this.before = before;
    this.after = after;
  }

  /** The changes, widenings first; none between a file and itself. */
  public static List<Change> between(Regions before, Regions after) {
    DeclarationChanges comparison = new DeclarationChanges(before, after);
    comparison.compareSerial();
    comparison.compareValidity();
    comparison.tellMass();
    comparison.compareGateway();
    comparison.compareRegions();
    comparison.compareDemographics();
    comparison.compareAgreements();
    comparison.compareDenials();
    comparison.compareLabelling();
    return comparison.changes.sorted();
  }

  private void compareSerial() {
    if (!before.hash().equals(after.hash()) && after.serial() <= before.serial()) {
      changes.add(
          Effect.CHANGES,
          "serial",
          "is not raised: was `%d`, is `%d`; raise it with every change"
              .formatted(before.serial(), after.serial()));
    }
  }

  private void compareValidity() {
    changes.compare("valid.from", each(before, Period::from), each(after, Period::from));
    changes.compare("valid.until", each(before, Period::until), each(after, Period::until));
    if (before.edition().bindsFiles() && !after.edition().bindsFiles()) {
      changes.add(Effect.WIDENS, "files", "are bound by their hashes no more");
    }
  }

  private static List<Instant> each(Regions version, Function<Period, Instant> end) {
    return version.edition().valid().map(end).stream().toList();
  }

  private void tellMass() {
    TakenOut.unsaid(before, after).ifPresent(told -> changes.add(Effect.NARROWS, "regions", told));
  }

  private void compareGateway() {
    changes.compare("gateway.id", before.gateway().id(), after.gateway().id());
    compareOrganisation("gateway", before.gateway().organisation(), after.gateway().organisation());
    changes.compare("gateway.deadline", before.gateway().deadline(), after.gateway().deadline());
  }

  private void compareOrganisation(String path, Organisation before, Organisation after) {
    changes.compare(path + ".organisation.ods", before.ods(), after.ods());
    changes.compare(path + ".organisation.name", before.name(), after.name());
  }

  private void compareRegions() {
    each(
        before.regions(),
        after.regions(),
        Region::id,
        (id, old, now) -> {
          String path = "regions." + id;
          tellPresence(path, old, now);
          new RegionComparison(path, changes).compare(old, now);
          if (old.isPresent() && now.isPresent()) {
            compareOrganisation(path, old.get().organisation(), now.get().organisation());
          }
        });
    List<RegionId> order = order(before, after);
    List<RegionId> reordered = order(after, before);
    if (!order.equals(reordered)) {
      changes.add(Effect.CHANGES, "regions", "stand in another order, and so do answers");
    }
  }

  /** The regions of the one version that the other has, too. */
  private static List<RegionId> order(Regions of, Regions shared) {
    return of.regions().stream()
        .map(Region::id)
        .filter(id -> shared.region(id).isPresent())
        .toList();
  }

  private void tellPresence(String path, Optional<?> old, Optional<?> now) {
    if (old.isEmpty()) {
      changes.add(Effect.WIDENS, path, "is new");
    } else if (now.isEmpty()) {
      changes.add(Effect.NARROWS, path, "is taken out");
    }
  }

  /** Whoever answers there is told who asks about whom; without it nobody says who is who. */
  private void compareDemographics() {
    if (before.demographics().isPresent() != after.demographics().isPresent()) {
      changes.add(
          Effect.WIDENS,
          "demographics",
          after.demographics().isPresent()
              ? "is new, and is told who asks about whom"
              : "is taken out, and patients that askers do not describe are cross-checked no more");
    }
    new RegionComparison("demographics", changes)
        .compareServer(
            "demographics.",
            before.demographics().flatMap(Region::answers),
            after.demographics().flatMap(Region::answers));
  }

  private void compareAgreements() {
    each(
        before.agreements(),
        after.agreements(),
        Agreement::id,
        (id, old, now) -> {
          String path = "agreements." + id;
          ReleaseComparison release = new ReleaseComparison(path, changes);
          if (old.isPresent() && now.isPresent()) {
            compare(path, old.get(), now.get());
            release.compare(old.get(), now.get());
          } else {
            changes.add(Effect.CHANGES, path, old.isEmpty() ? "is new" : "is taken out");
            now.ifPresent(release::tell);
          }
        });
  }

  private void compare(String path, Agreement old, Agreement now) {
    changes.compare(path + ".releases", old.releases(), now.releases());
    changes.compare(path + ".to", old.to(), now.to());
    changes.compare(path + ".organisations", old.organisations(), now.organisations());
    changes.compare(path + ".purposes", old.purposes(), now.purposes());
    changes.compare(path + ".roles", old.roles(), now.roles());
    changes.compare(path + ".types", old.types(), now.types());
    changes.compare(path + ".relationship", demanded(old), demanded(now));
    changes.compare(path + ".bases", old.relationship().bases(), now.relationship().bases());
    changes.compare(path + ".break-glass.roles", breakers(old), breakers(now));
    changes.compare(path + ".valid.from", old.from(), now.from());
    changes.compare(path + ".valid.until", old.until(), now.until());
  }

  private static String demanded(Agreement agreement) {
    return agreement.relationship().required() ? "required" : "optional";
  }

  private static Set<String> breakers(Agreement agreement) {
    return agreement.breakGlass().map(Agreement.BreakGlass::roles).orElse(Set.of());
  }

  private void compareDenials() {
    each(
        before.denials(),
        after.denials(),
        Denial::id,
        (id, old, now) -> {
          String path = "denials." + id;
          if (old.isPresent() && now.isPresent()) {
            compare(path, old.get(), now.get());
          } else {
            changes.add(Effect.CHANGES, path, old.isEmpty() ? "is new" : "is taken out");
          }
        });
  }

  private void compare(String path, Denial old, Denial now) {
    changes.compare(path + ".releases", old.releases(), now.releases());
    changes.compare(path + ".to", old.to(), now.to());
    changes.compare(path + ".organisations", old.organisations(), now.organisations());
    changes.compare(path + ".purposes", old.purposes(), now.purposes());
    changes.compare(path + ".roles", old.roles(), now.roles());
    changes.compare(path + ".types", old.types(), now.types());
    changes.compare(path + ".valid.from", old.from(), now.from());
    changes.compare(
        path + ".valid.until", old.until().stream().toList(), now.until().stream().toList());
  }

  /** What is on no list any more may be disclosed. */
  private void compareLabelling() {
    each(
        before.labelling().groups(),
        after.labelling().groups(),
        Labelling.Group::id,
        (id, old, now) -> {
          String path = "labelling." + id;
          if (old.isPresent() && now.isPresent()) {
            changes.compare(path + ".title", old.get().title(), now.get().title());
            changes.compareWithheld(
                path + ".labels", shown(old.get().labels()), shown(now.get().labels()));
            changes.compareWithheld(
                path + ".codes", shown(old.get().codes()), shown(now.get().codes()));
          } else if (old.isEmpty()) {
            changes.add(Effect.NARROWS, path, "is new");
          } else {
            changes.add(Effect.WIDENS, path, "is taken out");
          }
        });
  }

  private static List<String> shown(Set<Coding> codings) {
    return codings.stream()
        .map(coding -> "`%s|%s`".formatted(coding.system(), coding.code()))
        .sorted()
        .toList();
  }

  /** What is done with a thing that either version has. */
  private interface Comparison<K, T> {
    void compare(K key, Optional<T> before, Optional<T> after);
  }

  private static <K, T> void each(
      Collection<T> before, Collection<T> after, Function<T, K> key, Comparison<K, T> comparison) {
    Map<K, T> old = before.stream().collect(Collectors.toMap(key, Function.identity()));
    Map<K, T> now = after.stream().collect(Collectors.toMap(key, Function.identity()));
    Map<K, T> all = new LinkedHashMap<>(old);
    all.putAll(now);
    new LinkedHashSet<>(all.keySet())
        .forEach(
            each ->
                comparison.compare(
                    each, Optional.ofNullable(old.get(each)), Optional.ofNullable(now.get(each))));
  }
}
