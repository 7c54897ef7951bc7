package dev.ermine.federation;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.RegionId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one version permits between two regions and the other does not.
 *
 * <p>Roles are tried one by one, and then beside each role that a denial names; purposes one by
 * one, and then all that an agreement lets be stated together. More need not be tried: a permit
 * rests on one role and is lost through one, and the most purposes that may be stated together are
 * the likeliest to be denied. Of what is found only the least is told. The glass is broken with a
 * reason, about a named patient who is not the user: who states less is permitted nothing more by
 * any version.
 */
final class Gains {

  private final Rehearsal permitting;
  private final Rehearsal other;
  private final RegionId asking;
  private final RegionId releasing;
  private final PairTerms terms;
  private final List<String> types;
  private final List<Kind<PurposeOfUse>> purposes;
  private final List<Kind<String>> roles;
  private final boolean otherReaches;

  Gains(
      Rehearsal permitting, Rehearsal other, RegionId asking, RegionId releasing, PairTerms terms) {
    this.permitting = permitting;
    this.other = other;
    this.asking = asking;
    this.releasing = releasing;
    this.terms = terms;
    this.types = terms.types();
    this.purposes = terms.purposes();
    this.roles = terms.roles();
    this.otherReaches = other.reaches(asking, releasing);
  }

  /** Where a question stands but for its purposes, roles and type. */
  private record Setting(
      LocalDate day, Kind<String> organisation, Kind<String> basis, Kind<PairTerms.Proof> proof) {

    /** An hour of that day in London, summer and winter. */
    Instant at() {
      return day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    }
  }

  /** A question of that setting that only the one version permits. */
  private record Gain(Set<PurposeOfUse> purposes, Set<String> roles, String type) {

    boolean isWithin(Gain larger) {
      return type.equals(larger.type)
          && larger.purposes.containsAll(purposes)
          && larger.roles.containsAll(roles);
    }
  }

  List<Sharing> from(LocalDate today) {
    List<Sharing> blocks = new ArrayList<>();
    if (permitting.reaches(asking, releasing)) {
      List<LocalDate> days = terms.days(today);
      for (LocalDate day : days) {
        for (Kind<String> organisation : terms.organisations()) {
          for (Kind<String> basis : terms.bases()) {
            for (Kind<PairTerms.Proof> proof : terms.proofs()) {
              Setting setting = new Setting(day, organisation, basis, proof);
              gains(setting).forEach(gain -> blocks.add(block(setting, gain, period(day, days))));
            }
          }
        }
      }
    }
    return Sharing.merged(blocks).stream().map(this::withoutIdleTerms).toList();
  }

  private static String period(LocalDate day, List<LocalDate> days) {
    return day
        + "/"
        + days.stream()
            .filter(day::isBefore)
            .findFirst()
            .map(next -> next.minusDays(1).toString())
            .orElse(Sharing.OPEN);
  }

  private List<Gain> gains(Setting setting) {
    List<Gain> gains = new ArrayList<>();
    for (Set<String> held : roleSets()) {
      for (Kind<PurposeOfUse> purpose : purposes) {
        note(setting, Set.of(purpose.one()), held, gains);
      }
      for (Set<PurposeOfUse> together : purposeSets(setting, held)) {
        note(setting, together, held, gains);
      }
    }
    return gains;
  }

  private List<Set<String>> roleSets() {
    List<Set<String>> sets = new ArrayList<>();
    roles.forEach(role -> sets.add(Set.of(role.one())));
    for (Kind<String> denied : roles) {
      if (terms.isDenied(denied.one())) {
        roles.stream()
            .filter(role -> !role.equals(denied))
            .forEach(role -> sets.add(Set.of(role.one(), denied.one())));
      }
    }
    return sets;
  }

  /**
   * For each agreement and type all its purposes that are permitted, with and without the glass.
   */
  private Set<Set<PurposeOfUse>> purposeSets(Setting setting, Set<String> held) {
    Map<PurposeOfUse, Set<String>> alone =
        purposes.stream()
            .map(Kind::one)
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    one -> permits(permitting, setting, Set.of(one), held).keySet()));
    Set<Set<PurposeOfUse>> sets = new LinkedHashSet<>();
    for (var agreement : terms.agreements()) {
      for (String type : agreement.types()) {
        Set<PurposeOfUse> most = new LinkedHashSet<>(alone.keySet());
        most.removeIf(one -> !agreement.purposes().contains(one));
        most.removeIf(one -> !alone.getOrDefault(one, Set.of()).contains(type));
        sets.add(Set.copyOf(most));
        most.remove(PurposeOfUse.BREAK_THE_GLASS);
        sets.add(Set.copyOf(most));
      }
    }
    sets.removeIf(set -> set.size() < 2);
    return sets;
  }

  private void note(
      Setting setting, Set<PurposeOfUse> together, Set<String> held, List<Gain> gains) {
    for (String type : gained(setting, together, held)) {
      Gain gain = new Gain(least(setting, together, held, type), held, type);
      if (gains.stream().noneMatch(known -> known.isWithin(gain))) {
        gains.add(gain);
      }
    }
  }

  /** Without the purposes that do nothing for it. */
  private Set<PurposeOfUse> least(
      Setting setting, Set<PurposeOfUse> together, Set<String> held, String type) {
    Set<PurposeOfUse> least = new LinkedHashSet<>(together);
    for (PurposeOfUse each : together) {
      Set<PurposeOfUse> fewer = new LinkedHashSet<>(least);
      fewer.remove(each);
      if (!fewer.isEmpty() && gained(setting, fewer, held).contains(type)) {
        least = fewer;
      }
    }
    return least;
  }

  private Set<String> gained(Setting setting, Set<PurposeOfUse> together, Set<String> held) {
    Set<String> gained = new TreeSet<>(permits(permitting, setting, together, held).keySet());
    if (otherReaches && !gained.isEmpty()) {
      gained.removeAll(permits(other, setting, together, held).keySet());
    }
    return gained;
  }

  private Map<String, List<String>> permits(
      Rehearsal version, Setting setting, Set<PurposeOfUse> together, Set<String> held) {
    String basis = setting.basis().one();
    Enquirer enquirer =
        new Enquirer(
            asking,
            setting.organisation().one(),
            together,
            held,
            basis.equals(Sharing.NONE) ? Optional.empty() : Optional.of(basis),
            Optional.of("rehearsed"),
            true,
            setting.proof().one().shown(setting.at()),
            false);
    return version.permits(enquirer.requester(), releasing, types, setting.at());
  }

  private Sharing block(Setting setting, Gain gain, String period) {
    List<String> rules =
        permits(permitting, setting, gain.purposes(), gain.roles())
            .getOrDefault(gain.type(), List.of());
    return new Sharing(releasing, asking, rules, Map.of())
        .with(Sharing.Term.TYPE, List.of(gain.type()))
        .with(Sharing.Term.PURPOSE, named(gain.purposes(), purposes))
        .with(Sharing.Term.ROLE, named(gain.roles(), roles))
        .with(Sharing.Term.ORGANISATION, setting.organisation().values())
        .with(Sharing.Term.BASIS, setting.basis().values())
        .with(Sharing.Term.STEP_UP, values(List.of(setting.proof())))
        .with(Sharing.Term.PERIOD, List.of(period));
  }

  /** One by one what is stated alone; in one phrase what is stated together. */
  private static <T> List<String> named(Set<T> stated, List<Kind<T>> kinds) {
    List<String> names =
        kinds.stream()
            .filter(kind -> stated.contains(kind.one()))
            .flatMap(kind -> kind.values().stream())
            .map(Object::toString)
            .sorted()
            .toList();
    return stated.size() == 1 ? names : List.of(String.join(" with ", names));
  }

  /** Without the organisations and bases, where it is all of them. */
  private Sharing withoutIdleTerms(Sharing block) {
    Set<String> bases = new TreeSet<>(values(terms.bases()));
    Sharing shown = block;
    if (block.values(Sharing.Term.ORGANISATION).containsAll(values(terms.organisations()))) {
      shown = shown.with(Sharing.Term.ORGANISATION, List.of());
    }
    if (block.values(Sharing.Term.STEP_UP).containsAll(values(terms.proofs()))) {
      shown = shown.with(Sharing.Term.STEP_UP, List.of());
    }
    if (block.values(Sharing.Term.BASIS).equals(bases)) {
      return shown.with(Sharing.Term.BASIS, List.of());
    }
    bases.remove(Sharing.NONE);
    return block.values(Sharing.Term.BASIS).equals(bases)
        ? shown.with(Sharing.Term.BASIS, List.of(Sharing.STATED))
        : shown;
  }

  private static <T> List<String> values(List<Kind<T>> kinds) {
    return kinds.stream().flatMap(kind -> kind.values().stream()).map(Object::toString).toList();
  }
}
