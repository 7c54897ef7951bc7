package dev.ermine.merge.summary;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.DateText;
import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Dose;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.Term;
import dev.ermine.fhir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person reads of an entry: in its own words where it has any, and nothing made up. */
public final class Reading {

  /** The dates that tell something, in this order, each with its name for people. */
  private static final Map<String, String> DATES = new LinkedHashMap<>();

  static {
    DATES.put("onset", "onset");
    DATES.put("abatement", "ended");
    DATES.put("lastOccurrence", "last occurred");
    DATES.put("effective", "effective");
    DATES.put("occurrence", "given");
    DATES.put("performed", "performed");
    DATES.put("timing", "used");
    DATES.put("period", "period");
    DATES.put("authoredOn", "authored");
    DATES.put("issued", "issued");
    DATES.put("recorded", "recorded");
    DATES.put("dateAsserted", "asserted");
    DATES.put("created", "created");
    DATES.put("date", "dated");
  }

  private final Entry entry;
  private final Clinical says;

  public Reading(Entry entry, Clinical says) {
    this.entry = entry;
    this.says = says;
  }

  /**
   * Its row.
   *
   * @param medication the name of the Medication that it refers to, where that is at hand
   */
  public Row row(
      Optional<String> medication, String source, List<String> conflicts, List<String> alsoIn) {
    Optional<Demographics> person =
        entry.type().equals("Patient") ? Demographics.of(entry) : Optional.empty();
    return new Row(
        person.map(Reading::name).or(says::display).or(() -> medication).orElseGet(this::code),
        person.map(Reading::person).orElseGet(this::details),
        status(person),
        when(),
        source,
        conflicts,
        alsoIn,
        latest());
  }

  private String code() {
    return entry.facets().codes().stream()
        .filter(
            coded ->
                coded.element().equals("code")
                    || coded.element().equals("vaccineCode")
                    || coded.element().startsWith("medication"))
        .map(coded -> coded.coding())
        .findFirst()
        .map(Coding::code)
        .map(code -> entry.type() + ", code " + code)
        .orElse(entry.type() + " without a name");
  }

  private static String name(Demographics person) {
    return person.names().stream()
        .map(
            name ->
                Stream.concat(name.given().stream(), name.family().stream())
                    .collect(Collectors.joining(" ")))
        .filter(name -> !name.isBlank())
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static String person(Demographics person) {
    return joined(", ", Stream.of(person.birthDate().map("born "::concat), person.gender()));
  }

  private String details() {
    return joined(
        "; ",
        Stream.of(
            Optional.of(joined("; ", says.doses().stream().map(Dose::inWords))),
            says.value().map(Reading::value),
            Optional.of(joined("; ", says.components().stream().map(Reading::component))),
            Optional.of(joined("; ", says.reactions().stream().map(Reading::reaction))),
            says.lot().map("lot "::concat),
            says.bodySite().flatMap(Term::text)));
  }

  private static String value(Value value) {
    return switch (value) {
      case Value.Absent(Term reason) ->
          "no value" + reason.text().map(" ("::concat).map(it -> it + ")").orElse("");
      case Value.Other _ -> "a value that only the entry itself can show";
      default -> value.inWords().orElse("a value");
    };
  }

  private static Optional<String> component(Clinical.Component component) {
    return Optional.of(
        joined(" ", Stream.of(component.code().text(), component.value().map(Reading::value))));
  }

  private static Optional<String> reaction(Clinical.Reaction reaction) {
    return Optional.of(
        joined(
            ", ",
            Stream.of(
                Optional.of(joined(", ", reaction.manifestations().stream().map(Term::text))),
                reaction.severity())));
  }

  private String status(Optional<Demographics> person) {
    return joined(
        ", ",
        Stream.of(
            says.clinicalStatus(),
            says.verificationStatus(),
            says.status(),
            says.criticality().map("criticality "::concat),
            Optional.of("not so, or not to be done").filter(_ -> says.negated()),
            person.flatMap(Demographics::deceased).filter(dead -> dead).map(_ -> "deceased")));
  }

  private String when() {
    List<String> dates = new ArrayList<>();
    DATES.forEach(
        (element, name) ->
            entry.facets().dates().stream()
                .filter(dated -> isOf(element, dated))
                .limit(1)
                .map(Reading::span)
                .filter(span -> !span.isEmpty())
                .forEach(span -> dates.add(name + " " + span)));
    return String.join("; ", dates);
  }

  /** {@code onset} is of {@code onsetDateTime}, and {@code date} not of {@code dateAsserted}. */
  private static boolean isOf(String element, Dated dated) {
    String said = dated.element();
    return said.equals(element)
        || (said.startsWith(element)
            && List.of("DateTime", "Date", "Period", "Instant")
                .contains(said.substring(element.length())));
  }

  private static String span(Dated dated) {
    return dated.start().equals(dated.end())
        ? dated.start().orElse("")
        : dated.start().orElse("?") + " to " + dated.end().orElse("?");
  }

  private OptionalLong latest() {
    return entry.facets().dates().stream()
        .flatMap(dated -> dated.start().stream())
        .flatMap(date -> DateText.parse(date).stream())
        .mapToLong(DateText::from)
        .max();
  }

  private static String joined(String between, Stream<Optional<String>> parts) {
    return parts
        .flatMap(Optional::stream)
        .filter(part -> !part.isBlank())
        .collect(Collectors.joining(between));
  }
}
