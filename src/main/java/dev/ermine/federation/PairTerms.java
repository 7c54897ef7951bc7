package dev.ermine.federation;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.Use;
import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that agreements and denials of two versions say between two regions, and so the questions
 * worth asking: two values that no rule tells apart are decided alike, and a purpose, role or type
 * that no agreement has is denied by both versions.
 */
record PairTerms(Set<Agreement> agreements, Set<Denial> denials) {

  static PairTerms of(RegionId asking, RegionId releasing, Regions... versions) {
    Set<Agreement> agreements = new LinkedHashSet<>();
    Set<Denial> denials = new LinkedHashSet<>();
    for (Regions version : versions) {
      version.agreements().stream()
          .filter(each -> each.releases().equals(releasing) && each.to().contains(asking))
          .forEach(agreements::add);
      version.denials().stream()
          .filter(each -> each.releases().isEmpty() || each.releases().contains(releasing))
          .filter(each -> each.to().isEmpty() || each.to().contains(asking))
          .forEach(denials::add);
    }
    return new PairTerms(agreements, denials);
  }

  List<String> types() {
    return List.copyOf(new TreeSet<>(all(agreements, Agreement::types)));
  }

  /**
   * Breaking the glass is alone of its kind, for agreements have terms for it; and so are patients'
   * own purposes, and those beyond individual care.
   */
  List<Kind<PurposeOfUse>> purposes() {
    List<Predicate<PurposeOfUse>> rules = new ArrayList<>();
    agreements.forEach(each -> rules.add(each.purposes()::contains));
    denials.forEach(each -> rules.add(one -> each.purposes().stream().anyMatch(one::isWithin)));
    rules.add(PurposeOfUse.BREAK_THE_GLASS::equals);
    rules.add(purpose -> Use.of(purpose) == Use.PATIENT_ACCESS);
    rules.add(purpose -> Use.of(purpose) == Use.BEYOND_CARE);
    return Kind.of(all(agreements, Agreement::purposes), rules);
  }

  List<Kind<String>> roles() {
    List<Predicate<String>> rules = new ArrayList<>();
    agreements.forEach(each -> rules.add(each.roles()::contains));
    agreements.forEach(each -> rules.add(role -> breaksGlass(each, role)));
    denials.forEach(each -> rules.add(each.roles()::contains));
    Set<String> values = new LinkedHashSet<>(all(agreements, Agreement::roles));
    values.addAll(all(denials, Denial::roles));
    return Kind.of(values, rules);
  }

  private static boolean breaksGlass(Agreement agreement, String role) {
    return agreement.breakGlass().filter(terms -> terms.roles().contains(role)).isPresent();
  }

  /** Whether a denial names the role: only then may an asker who has it beside another lose. */
  boolean isDenied(String role) {
    return denials.stream().anyMatch(each -> each.roles().contains(role));
  }

  List<Kind<String>> organisations() {
    List<Predicate<String>> rules = new ArrayList<>();
    agreements.forEach(each -> rules.add(each.organisations()::contains));
    denials.forEach(each -> rules.add(each.organisations()::contains));
    Set<String> values = new LinkedHashSet<>(all(agreements, Agreement::organisations));
    values.addAll(all(denials, Denial::organisations));
    values.add(Sharing.OTHER);
    return Kind.of(values, rules);
  }

  /** How users may be authenticated who would break the glass. */
  List<Kind<Proof>> proofs() {
    List<Agreement.StepUp> demanded =
        agreements.stream().flatMap(it -> it.breakGlass().stream()).map(it -> it.stepUp()).toList();
    List<Predicate<Proof>> rules = new ArrayList<>();
    demanded.forEach(each -> rules.add(proof -> proof.meets(each)));
    Set<Proof> values = new LinkedHashSet<>();
    for (String context : all(demanded, Agreement.StepUp::contexts)) {
      demanded.forEach(each -> values.add(new Proof(context, each.age())));
    }
    return Kind.of(values.isEmpty() ? Set.of(Proof.NONE) : values, rules);
  }

  /** How a user was authenticated, and how long ago. */
  record Proof(String context, Duration age) {

    static final Proof NONE = new Proof("none stated", Duration.ZERO);

    boolean meets(Agreement.StepUp demanded) {
      return demanded.contexts().contains(context) && age.compareTo(demanded.age()) <= 0;
    }

    /** As the token says it that is shown at that moment. */
    Requester.StepUp shown(Instant at) {
      return new Requester.StepUp(Optional.of(context), Optional.of(at.minus(age)));
    }

    @Override
    public String toString() {
      return context + " within " + age;
    }
  }

  /** That none is stated is one, too. */
  List<Kind<String>> bases() {
    List<Predicate<String>> rules = new ArrayList<>();
    agreements.forEach(each -> rules.add(each.relationship().bases()::contains));
    rules.add(Sharing.NONE::equals);
    Set<String> values = new LinkedHashSet<>(all(agreements, it -> it.relationship().bases()));
    values.add(Sharing.OTHER);
    values.add(Sharing.NONE);
    return Kind.of(values, rules);
  }

  /** Today, and each later day with which something begins or has ended. */
  List<LocalDate> days(LocalDate today) {
    Stream<LocalDate> turns =
        Stream.concat(
            agreements.stream().flatMap(it -> Stream.of(it.from(), it.until().plusDays(1))),
            denials.stream()
                .flatMap(
                    it ->
                        Stream.concat(
                            Stream.of(it.from()), it.until().stream().map(d -> d.plusDays(1)))));
    TreeSet<LocalDate> days = new TreeSet<>(List.of(today));
    turns.filter(today::isBefore).forEach(days::add);
    return List.copyOf(days);
  }

  private static <R, T> Set<T> all(Collection<R> rules, Function<R, Set<T>> term) {
    Set<T> values = new LinkedHashSet<>();
    rules.forEach(rule -> values.addAll(term.apply(rule)));
    return values;
  }
}
