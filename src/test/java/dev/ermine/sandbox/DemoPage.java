package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.sandbox.MergedView.Sourced;
import dev.ermine.sandbox.Terminal.Ink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a person sees of a merged view: the sentence, where regions contradict each other, the
 * account with times, the record.
 */
final class DemoPage {

  private static final int BAR = 26;
  private static final int TEXT = 56;

  private static final Map<String, List<String>> SECTIONS = sections();

  private final Terminal terminal;
  private final MergedView view;

  DemoPage(Terminal terminal, MergedView view) {
    this.terminal = terminal;
    this.view = view;
  }

  void print() {
    printSentence();
    printAccount();
    printRecord();
  }

  private static Map<String, List<String>> sections() {
    var sections = new LinkedHashMap<String, List<String>>();
    sections.put("Allergies", List.of("AllergyIntolerance"));
    sections.put("Medicines", List.of("MedicationRequest", "MedicationStatement"));
    sections.put("Problems", List.of("Condition"));
    sections.put("Alerts", List.of("Flag"));
    sections.put("Plans", List.of("CarePlan"));
    sections.put("Encounters", List.of("Encounter"));
    sections.put("Procedures", List.of("Procedure"));
    sections.put("Results", List.of("DiagnosticReport", "Observation"));
    sections.put("Vaccinations", List.of("Immunization"));
    sections.put("Documents", List.of("DocumentReference"));
    sections.put("Appointments and referrals", List.of("Appointment", "ServiceRequest"));
    return sections;
  }

  private void printSentence() {
    terminal.heading("For the clinician");
    terminal.paragraph(2, Ink.BOLD, view.sentence());
    view.conflicts().forEach(conflict -> terminal.paragraph(2, Ink.RED, "≠ " + conflict));
    view.remarks().forEach(remark -> terminal.paragraph(2, Ink.YELLOW, remark));
  }

  private void printAccount() {
    terminal.heading("The account");
    int slowest = view.millis().values().stream().mapToInt(Integer::intValue).max().orElse(1);
    Set<String> timed = new HashSet<>();
    for (MergedView.Line line : view.account()) {
      // One bar a region, however many lines it has.
      Integer millis = timed.add(line.region()) ? view.millis().get(line.region()) : null;
      int length = millis == null ? 0 : Math.ceilDiv(millis * BAR, Math.max(1, slowest));
      terminal.line(
          "  "
              + Terminal.cell(line.region(), 26)
              + terminal.ink(ink(line.status()), Terminal.cell(line.status(), 16))
              + terminal.ink(ink(line.status()), Terminal.cell("█".repeat(length), BAR + 2))
              + (millis == null ? "" : "%6d ms".formatted(millis)));
      terminal.paragraph(4, Ink.DIM, line.text());
    }
  }

  private static Ink ink(String status) {
    return switch (status) {
      case "answered" -> Ink.GREEN;
      case "empty", "not-matched", "not-asked" -> Ink.CYAN;
      case "quarantined", "refused" -> Ink.RED;
      default -> Ink.YELLOW;
    };
  }

  private void printRecord() {
    printPatient();
    SECTIONS.forEach(
        (title, types) -> {
          List<Sourced> resources = types.stream().flatMap(view::resources).toList();
          if (!resources.isEmpty()) {
            terminal.heading(title);
            printGrouped(resources);
          }
        });
  }

  /** Entries that record the same fact stand together, at the place of the first of them. */
  private void printGrouped(List<Sourced> resources) {
    Set<String> printed = new HashSet<>();
    for (Sourced first : resources) {
      if (printed.add(first.fullUrl())) {
        printLine(first);
        resources.stream()
            .filter(other -> first.alternates().contains(other.fullUrl()))
            .filter(other -> printed.add(other.fullUrl()))
            .forEach(other -> printLine(other, "  └ same"));
      }
    }
  }

  private void printPatient() {
    terminal.heading("Patient");
    printGrouped(view.resources("Patient").toList());
  }

  private void printLine(Sourced sourced) {
    printLine(sourced, day(sourced.resource()));
  }

  private void printLine(Sourced sourced, String first) {
    String day = first;
    String source = sourced.source();
    for (String line : Terminal.wrapped(String.join(" · ", said(sourced)), TEXT)) {
      terminal.line(
          "  "
              + terminal.ink(Ink.DIM, Terminal.cell(day, 12))
              + Terminal.cell(line, TEXT + 2)
              + terminal.ink(Ink.CYAN, Terminal.cell(source, 26)));
      day = "";
      source = "";
    }
  }

  /** What one line says of a resource. */
  private List<String> said(Sourced sourced) {
    JsonNode resource = sourced.resource();
    var said = new ArrayList<String>();
    Stream.of(
            name(sourced),
            resource.path("criticality").asText().replace("high", "high risk"),
            concept(resource.at("/reaction/0/manifestation/0")),
            value(resource),
            resource.at("/dosageInstruction/0/text").asText(),
            resource.at("/dosage/0/text").asText(),
            concept(resource.at("/reasonCode/0")),
            resource.path("conclusion").asText(),
            inactive(resource.at("/clinicalStatus/coding/0/code").asText()),
            resource.at("/serviceProvider/display").asText())
        .filter(text -> !text.isEmpty() && !said.contains(text))
        .forEach(said::add);
    return said;
  }

  private static String inactive(String clinicalStatus) {
    return clinicalStatus.equals("active") ? "" : clinicalStatus;
  }

  private String name(Sourced sourced) {
    JsonNode resource = sourced.resource();
    return switch (resource.path("resourceType").asText()) {
      case "Patient" ->
          Stream.concat(
                  resource.at("/name/0/given").valueStream(),
                  Stream.of(resource.at("/name/0/family")))
              .map(JsonNode::asText)
              .collect(Collectors.joining(" "));
      case "MedicationRequest", "MedicationStatement" -> medicine(sourced);
      case "Immunization" -> concept(resource.path("vaccineCode"));
      case "Encounter" -> resource.at("/class/display").asText();
      case "CarePlan" -> resource.path("title").asText();
      case "Appointment" -> resource.path("description").asText();
      case "DocumentReference" ->
          concept(resource.path("type"))
              + " · "
              + resource.at("/content/0/attachment/contentType").asText();
      default -> concept(resource.path("code"));
    };
  }

  private String medicine(Sourced sourced) {
    JsonNode resource = sourced.resource();
    if (resource.has("medicationCodeableConcept")) {
      return concept(resource.get("medicationCodeableConcept"));
    }
    JsonNode reference = resource.path("medicationReference");
    return view.referredTo(sourced, reference)
        .map(medication -> concept(medication.path("code")))
        .orElseGet(() -> reference.path("display").asText());
  }

  private static String concept(JsonNode concept) {
    String text = concept.path("text").asText();
    return text.isEmpty() ? concept.at("/coding/0/display").asText() : text;
  }

  private static String value(JsonNode resource) {
    JsonNode quantity = resource.path("valueQuantity");
    if (!quantity.isMissingNode()) {
      return quantity.path("value").asText() + " " + quantity.path("unit").asText();
    }
    List<String> parts =
        resource
            .path("component")
            .valueStream()
            .map(component -> component.at("/valueQuantity/value").asText())
            .toList();
    return String.join("/", parts);
  }

  private static String day(JsonNode resource) {
    return Stream.of(
            "/birthDate",
            "/recordedDate",
            "/authoredOn",
            "/effectiveDateTime",
            "/effectivePeriod/start",
            "/period/start",
            "/performedDateTime",
            "/occurrenceDateTime",
            "/onsetDateTime",
            "/date",
            "/start")
        .map(path -> resource.at(path).asText())
        .filter(text -> !text.isEmpty())
        .map(text -> text.substring(0, Math.min(10, text.length())))
        .findFirst()
        .orElse("");
  }
}
