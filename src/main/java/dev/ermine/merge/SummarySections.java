package dev.ermine.merge;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Composition;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.origin.Origin;
import dev.ermine.merge.summary.Heading;
import dev.ermine.merge.summary.Narrative;
import dev.ermine.merge.summary.Reading;
import dev.ermine.merge.summary.Row;
import dev.ermine.merge.summary.Section;
import dev.ermine.merge.summary.Sorting;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sections of one summary, as they fill. */
final class SummarySections {

  private static final String EMPTY =
      "No region that was heard shared anything for this section. Whether there is anything is not"
          + " known: this is neither a finding that there is nothing, nor a sign that something is"
          + " kept back.";

  private static final String NOT_ASKED_FOR =
      "A summary leaves out letters and other documents, encounters, appointments and referrals:"
          + " search for them.";

  /** IPS has place for one Observation of each of these: tobacco use and alcohol use. */
  private static final Set<Coding> ONCE =
      Set.of(new Coding("http://loinc.org", "72166-2"), new Coding("http://loinc.org", "74013-4"));

  private final Merged merged;
  private final List<Issue> issues;
  private final Map<Heading, List<Row>> rows = new EnumMap<>(Heading.class);
  private final Map<Heading, List<String>> entries = new EnumMap<>(Heading.class);
  private final Map<String, String> regions = new HashMap<>();
  private final Map<String, List<String>> conflicts = new HashMap<>();
  private final Map<String, String> medications = new HashMap<>();
  private final Map<String, Integer> companions = new TreeMap<>();
  private final Map<Coding, Integer> once = new HashMap<>();

  SummarySections(Merged merged, List<Issue> issues) {
    this.merged = merged;
    this.issues = issues;
    for (Merged.Share share : merged.shares()) {
      for (Placed placed : share.disclosed()) {
        regions.put(placed.fullUrl(), share.region().name());
        if (placed.entry().type().equals("Medication")) {
          Clinical.of(placed.entry())
              .display()
              .ifPresent(name -> medications.put(placed.fullUrl(), name));
        }
      }
    }
    for (Conflict conflict : merged.conflicts()) {
      for (String fullUrl : conflict.fullUrls()) {
        conflicts.computeIfAbsent(fullUrl, _ -> new ArrayList<>()).add(conflict.text());
      }
    }
  }

  /** Puts an entry where it belongs. */
  void add(SummaryEntry entry) {
    Clinical says = Clinical.of(entry.entry());
    Heading heading = Sorting.of(entry.entry(), says);
    list(entries, heading).add(entry.fullUrl());
    if (Compartment.contains(entry.entry().type())) {
      list(rows, heading).add(row(entry, says));
    } else {
      companions.merge(entry.entry().type(), 1, Integer::sum);
    }
    entry.entry().facets().codes().stream()
        .filter(coded -> coded.element().equals("code") && ONCE.contains(coded.coding()))
        .forEach(coded -> once.merge(coded.coding(), 1, Integer::sum));
  }

  /** Tells of a Patient. */
  void row(SummaryEntry patient) {
    list(rows, Heading.PATIENTS).add(row(patient, Clinical.of(patient.entry())));
  }

  /** Refers to where a Patient, or several, stand. */
  void refer(String fullUrl) {
    list(entries, Heading.PATIENTS).add(fullUrl);
  }

  /** Whether no more stands in them than an IPS has place for. */
  boolean fitIps() {
    return once.values().stream().allMatch(times -> times == 1);
  }

  private static <T> List<T> list(Map<Heading, List<T>> lists, Heading heading) {
    return lists.computeIfAbsent(heading, _ -> new ArrayList<>());
  }

  private Row row(SummaryEntry entry, Clinical says) {
    return new Reading(entry.entry(), says)
        .row(
            medication(entry),
            source(entry),
            conflicts.getOrDefault(entry.fullUrl(), List.of()),
            entry.isPatient() ? List.of() : alsoIn(entry));
  }

  private Optional<String> medication(SummaryEntry entry) {
    return entry.entry().references().stream()
        .filter(reference -> reference.element().equals("medicationReference"))
        .flatMap(reference -> reference.literal().stream())
        .map(url -> entry.share().base().address(entry.entry(), url.value()))
        .flatMap(address -> Optional.ofNullable(medications.get(address)).stream())
        .findFirst();
  }

  private static String source(SummaryEntry entry) {
    String region = entry.share().region().name();
    return switch (entry.share().origins().of(entry.entry())) {
      case Origin.Own _ -> region;
      case Origin.Elsewhere elsewhere -> region + ", from " + elsewhere.region().name();
      case Origin.Unknown _ -> region + ", origin not known to this gateway";
    };
  }

  private List<String> alsoIn(SummaryEntry entry) {
    return merged.alternates().of(entry.fullUrl()).stream()
        .flatMap(other -> Optional.ofNullable(regions.get(other)).stream())
        .distinct()
        .toList();
  }

  /**
   * All of them, written.
   *
   * @param account where the account stands, and whose record everything is
   */
  List<Composition.Section> written(List<String> account, Narrative narrative) {
    entries.put(Heading.ACCOUNT, account);
    return Stream.of(Heading.values())
        .filter(heading -> heading.always() || entries.containsKey(heading))
        .map(heading -> written(heading, narrative))
        .toList();
  }

  private Composition.Section written(Heading heading, Narrative narrative) {
    List<String> held = entries.getOrDefault(heading, List.of());
    Section section =
        Section.of(
            heading,
            said(heading, held.isEmpty()),
            rows.getOrDefault(heading, List.of()),
            heading == Heading.ACCOUNT ? List.of() : missing(heading));
    return new Composition.Section(heading.title(), heading.code(), narrative.of(section), held);
  }

  private List<String> said(Heading heading, boolean empty) {
    return switch (heading) {
      case ACCOUNT ->
          Stream.concat(issues.stream().map(SummarySections::said), Stream.of(NOT_ASKED_FOR))
              .toList();
      case OTHER -> companions.isEmpty() ? List.of() : List.of(companions());
      default -> empty ? List.of(EMPTY) : List.of();
    };
  }

  private static String said(Issue issue) {
    return issue.code() == Issue.Code.CONFLICT ? "Conflict: " + issue.text() : issue.text();
  }

  private String companions() {
    return "What entries refer to goes with them: "
        + companions.entrySet().stream()
            .map(type -> type.getValue() + " " + type.getKey())
            .collect(Collectors.joining(", "))
        + ".";
  }

  private List<String> missing(Heading heading) {
    List<String> missing = new ArrayList<>();
    sentence("What may be missing here: ", lacking(heading)).ifPresent(missing::add);
    sentence("Not asked: ", notAsked(heading)).ifPresent(missing::add);
    missing.add(Account.CLOSING);
    return missing;
  }

  private static Optional<String> sentence(String start, List<String> parts) {
    return parts.isEmpty() ? Optional.empty() : Optional.of(start + String.join("; ", parts) + ".");
  }

  private List<String> lacking(Heading heading) {
    return merged.account().stream()
        .filter(line -> line.status().lacking())
        .filter(line -> concerns(line, heading))
        .map(line -> line.region().name() + " " + Merged.phrase(line.status()) + types(line))
        .distinct()
        .toList();
  }

  private List<String> notAsked(Heading heading) {
    return merged.account().stream()
        .filter(line -> line.status() == Status.NOT_ASKED)
        .filter(line -> concerns(line, heading))
        .map(line -> line.region().name() + types(line))
        .distinct()
        .toList();
  }

  private static boolean concerns(AccountLine line, Heading heading) {
    return line.types().isEmpty() || line.types().stream().anyMatch(heading::draws);
  }

  private static String types(AccountLine line) {
    return line.types().isEmpty() ? "" : " for " + String.join(", ", line.types());
  }
}
