package dev.ermine.federation;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.ResourceTypes;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An officer's question what one asker would get, in the officer's words, nothing looked at yet.
 *
 * @param from the asking region
 * @param through the region that hands on the question, as a gateway of theirs; empty: none
 * @param to regions asked; none: all
 * @param types resource types; none: all that a region has
 * @param organisation the asking organisation's ODS code; empty: the one that answers for the
 *     region
 * @param basis of the relationship with the patient; empty: none stated
 * @param breaksGlass whether a reason is stated why what is withheld must be seen now
 * @param patientNamed whether the token names the patient
 * @param acr how the user was authenticated; empty: nothing is said of it
 * @param authAge how long ago
 * @param ownRecord whether the patient is the user
 * @param at the day; empty: now
 */
public record Enquiry(
    String from,
    Optional<String> through,
    List<String> to,
    List<String> purposes,
    List<String> roles,
    List<String> types,
    Optional<String> organisation,
    Optional<String> basis,
    boolean breaksGlass,
    boolean patientNamed,
    Optional<String> acr,
    Duration authAge,
    boolean ownRecord,
    Optional<LocalDate> at) {

  /** Too short for an NHS number, which has no place here. */
  private static final Pattern CODE = Pattern.compile("[A-Z0-9]{1,8}");

  private static final Pattern BASIS = Pattern.compile("[A-Za-z][A-Za-z-]{0,39}");

  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Pattern CONTEXT = Pattern.compile("[!-~]{1,128}");

  public Enquiry {
    to = List.copyOf(to);
    purposes = List.copyOf(purposes);
    roles = List.copyOf(roles);
    types = List.copyOf(types);
  }

  /** What became of it. */
  public sealed interface Answer {

    /** It is answered. */
    record Explained(Explanation explanation) implements Answer {}

    /** It cannot be. */
    record Unclear(List<Fault> faults) implements Answer {
      public Unclear {
        faults = List.copyOf(faults);
      }
    }
  }

  /**
   * One thing that is wrong with it.
   *
   * @param part which part of it, as the record names it
   * @param message what is wrong, and what to do
   */
  public record Fault(String part, String message) {}

  /** The answer of the version whose rehearsal it is. */
  public Answer answer(Rehearsal rehearsal, Instant now) {
    List<Fault> faults = faults(rehearsal.regions());
    return faults.isEmpty()
        ? new Answer.Explained(explained(rehearsal, moment(now)))
        : new Answer.Unclear(faults);
  }

  List<Fault> faults(Regions regions) {
    List<Fault> faults = new ArrayList<>();
    Predicate<String> isRegion = id -> regions.region(id).isPresent();
    wrong(List.of(from), isRegion)
        .forEach(it -> faults.add(new Fault("from", it + " is no region; name one of the file")));
    wrong(through.stream().toList(), isRegion)
        .forEach(
            it -> faults.add(new Fault("through", it + " is no region; name one of the file")));
    wrong(to, isRegion)
        .forEach(it -> faults.add(new Fault("to", it + " is no region; name one of the file")));
    stated("purposes", purposes).ifPresent(faults::add);
    wrong(purposes, text -> PurposeOfUse.parse(text).filter(PurposeOfUse::known).isPresent())
        .forEach(
            it ->
                faults.add(
                    new Fault("purposes", it + " is no purpose of use that v3 ActReason has")));
    stated("roles", roles).ifPresent(faults::add);
    wrong(roles, Enquiry::isCode)
        .forEach(it -> faults.add(new Fault("roles", it + " is no role; write it like `R8000`")));
    wrong(types, ResourceTypes::isKnown)
        .forEach(it -> faults.add(new Fault("types", it + " is no resource type of FHIR R4")));
    wrong(organisation.stream().toList(), Enquiry::isCode)
        .forEach(it -> faults.add(new Fault("organisation", it + " is no ODS code")));
    wrong(basis.stream().toList(), text -> BASIS.matcher(text).matches())
        .forEach(
            it -> faults.add(new Fault("basis", it + " is no basis; write it like `encounter`")));
    wrong(acr.stream().toList(), text -> CONTEXT.matcher(text).matches())
        .forEach(it -> faults.add(new Fault("acr", it + " is no `acr`; write it like `AAL3_ANY`")));
    if (authAge.isNegative() || authAge.compareTo(LONGEST) > 0) {
      faults.add(new Fault("auth-age", "is no time up to a year; write it like `PT10M`"));
    }
    return faults;
  }

  private static boolean isCode(String text) {
    return CODE.matcher(text).matches();
  }

  private static Optional<Fault> stated(String part, List<String> values) {
    return values.isEmpty()
        ? Optional.of(new Fault(part, "are missing; state at least one"))
        : Optional.empty();
  }

  /** What is not as it should be; of long values, which may be anything, only that they are. */
  private static List<String> wrong(List<String> values, Predicate<String> right) {
    return values.stream()
        .filter(right.negate())
        .map(value -> value.matches("[A-Za-z][A-Za-z0-9-]{0,39}") ? "`" + value + "`" : "a value")
        .toList();
  }

  private Explanation explained(Rehearsal rehearsal, Instant moment) {
    Region asking = rehearsal.regions().region(from).orElseThrow();
    Enquirer enquirer = enquirer(asking, moment);
    Predicate<Region> wanted =
        region ->
            to.isEmpty() ? !region.id().equals(asking.id()) : to.contains(region.id().value());
    Function<String, String> words = rehearsal::words;
    List<Prospect> prospects = rehearsal.explain(enquirer, wanted, types, moment);
    return new Explanation(enquirer, moment, prospects, Explanation.sentences(prospects, words));
  }

  Enquirer enquirer(Region asking, Instant moment) {
    return new Enquirer(
        asking.id(),
        organisation.orElse(asking.organisation().ods()),
        purposes.stream()
            .map(text -> PurposeOfUse.parse(text).orElseThrow())
            .collect(Collectors.toSet()),
        Set.copyOf(roles),
        basis,
        breaksGlass ? Optional.of("stated") : Optional.empty(),
        patientNamed,
        new Requester.StepUp(acr, acr.map(_ -> moment.minus(authAge))),
        ownRecord,
        through.map(RegionId::new));
  }

  /** An hour of that day in London, summer and winter. */
  Instant moment(Instant now) {
    return at.map(day -> day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC)).orElse(now);
  }
}
