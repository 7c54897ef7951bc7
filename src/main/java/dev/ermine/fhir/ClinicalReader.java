package dev.ermine.fhir;

import dev.ermine.fhir.Clinical.Component;
import dev.ermine.fhir.Clinical.Reaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The walk over one resource that reads what it says clinically. It knows no resource type: what
 * stands under an element's name at the top of the resource is read, whichever type that is.
 */
final class ClinicalReader {

  private final ValueReader json;

  private @Nullable String clinicalStatus;
  private @Nullable String verificationStatus;
  private @Nullable String status;
  private @Nullable String criticality;
  private boolean notToBeDone;
  private final List<String> categories = new ArrayList<>();
  private @Nullable String display;
  private final List<Reaction> reactions = new ArrayList<>();
  private final List<Dose> doses = new ArrayList<>();
  private @Nullable Value value;
  private @Nullable Term dataAbsentReason;
  private final List<Component> components = new ArrayList<>();
  private @Nullable Term bodySite;
  private @Nullable Term method;
  private @Nullable String lot;
  private final List<String> hashes;
  private boolean abated;
  private @Nullable Value deceased;

  private ClinicalReader(Entry entry) {
    json = new ValueReader(entry.resource());
    hashes = entry.facets().hashes();
  }

  /** What that entry's resource says. */
  static Clinical read(Entry entry) {
    ClinicalReader reader = new ClinicalReader(entry);
    try {
      boolean object = reader.json.enters();
      while (object && reader.json.nextMember()) {
        reader.element(reader.json.key());
      }
      return reader.clinical();
    } catch (Refused refused) {
      // Not a resource as the scanner finds them: what was read so far is not to be relied on.
      return Clinical.UNREADABLE;
    }
  }

  private Clinical clinical() {
    Value reason = dataAbsentReason == null ? null : new Value.Absent(dataAbsentReason);
    return new Clinical(
        true,
        Optional.ofNullable(clinicalStatus),
        Optional.ofNullable(verificationStatus),
        Optional.ofNullable(status),
        Optional.ofNullable(criticality),
        notToBeDone || "not-done".equals(status) || "refuted".equals(verificationStatus),
        categories,
        Optional.ofNullable(display).or(this::substance),
        reactions,
        doses,
        Optional.ofNullable(value == null ? reason : value),
        components,
        Optional.ofNullable(bodySite),
        Optional.ofNullable(method),
        Optional.ofNullable(lot),
        hashes,
        abated,
        Optional.ofNullable(deceased));
  }

  private Optional<String> substance() {
    return reactions.stream()
        .flatMap(reaction -> reaction.substance().stream())
        .flatMap(substance -> substance.text().stream())
        .findFirst();
  }

  private void element(String key) throws Refused {
    switch (key) {
      case "clinicalStatus" -> clinicalStatus = json.code();
      case "verificationStatus" -> verificationStatus = json.code();
      case "status" -> status = json.text();
      case "criticality" -> criticality = json.text();
      case "doNotPerform" -> notToBeDone = Boolean.TRUE.equals(json.flag());
      case "category" -> categories.addAll(json.several(json::code));
      case "reaction" -> reactions.addAll(json.several(this::reaction));
      case "dosage", "dosageInstruction" ->
          doses.addAll(json.several(() -> DoseReader.dosage(json)));
      case "doseQuantity" -> doses.add(DoseReader.amount(json));
      case "dataAbsentReason" -> dataAbsentReason = json.term();
      case "component" -> components.addAll(json.several(this::component));
      case "bodySite" -> bodySite = first(json.several(json::term));
      case "method" -> method = json.term();
      case "lotNumber" -> lot = json.text();
      default -> named(key);
    }
  }

  /** The elements that say what it is about, and those that come in several types. */
  private void named(String key) throws Refused {
    if (key.equals("code") || key.equals("vaccineCode") || key.startsWith("medication")) {
      display = first(json.several(this::name));
    } else if (key.equals("type") && !json.isText()) {
      String name = first(json.several(this::name));
      display = display == null ? name : display;
    } else if (key.startsWith("value")) {
      value = json.value(key.substring("value".length()));
    } else if (key.startsWith("deceased")) {
      deceased = json.value(key.substring("deceased".length()));
    } else if (key.equals("abatementBoolean")) {
      abated = Boolean.TRUE.equals(json.flag());
    } else {
      abated |= key.startsWith("abatement");
      json.skip();
    }
  }

  private static <T> @Nullable T first(List<T> items) {
    return items.isEmpty() ? null : items.getFirst();
  }

  /** What people call a CodeableConcept, or what a Reference leads to. */
  private @Nullable String name() throws Refused {
    if (!json.enters()) {
      return null;
    }
    String name = null;
    String coded = null;
    while (json.nextMember()) {
      switch (json.key()) {
        case "text", "display" -> name = json.text();
        case "coding" -> coded = first(json.several(this::name));
        default -> json.skip();
      }
    }
    return name == null ? coded : name;
  }

  private @Nullable Reaction reaction() throws Refused {
    if (!json.enters()) {
      return null;
    }
    Term substance = null;
    List<Term> manifestations = List.of();
    String severity = null;
    while (json.nextMember()) {
      switch (json.key()) {
        case "substance" -> substance = json.term();
        case "manifestation" -> manifestations = json.several(json::term);
        case "severity" -> severity = json.text();
        default -> json.skip();
      }
    }
    return new Reaction(
        Optional.ofNullable(substance), manifestations, Optional.ofNullable(severity));
  }

  private @Nullable Component component() throws Refused {
    if (!json.enters()) {
      return null;
    }
    Term code = null;
    Value said = null;
    Term reason = null;
    while (json.nextMember()) {
      String key = json.key();
      switch (key) {
        case "code" -> code = json.term();
        case "dataAbsentReason" -> reason = json.term();
        default -> {
          if (key.startsWith("value")) {
            said = json.value(key.substring("value".length()));
          } else {
            json.skip();
          }
        }
      }
    }
    Value absent = reason == null ? null : new Value.Absent(reason);
    return new Component(
        code == null ? new Term(List.of(), Optional.empty()) : code,
        Optional.ofNullable(said == null ? absent : said));
  }
}
