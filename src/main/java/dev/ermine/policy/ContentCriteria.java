package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Concept;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Consent.ProvisionType;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.fhir.TimeSpan;
import dev.ermine.policy.Label.Level;
import dev.ermine.policy.Label.Other;
import dev.ermine.policy.Label.Sensitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The criteria of what an entry says: its labels, its kind, its codes, its dates. */
final class ContentCriteria {

  private ContentCriteria() {}

  /**
   * The criterion of labels. A level is a high-water mark: a permission of {@code R} is one of
   * {@code R} and all below. To read a denial of {@code R} so would withhold what is ordinary and
   * let through what is {@code V}: it is one of {@code R} and all above.
   *
   * @see <a href="https://hl7.org/fhir/R4/security-labels.html">FHIR R4: security labels</a>
   */
  static Criterion labels(List<Coding> codings, ProvisionType type) {
    List<Confidentiality> marks = new ArrayList<>();
    Set<String> sensitivities = new HashSet<>();
    Set<Coding> others = new HashSet<>();
    for (Coding coding : codings) {
      switch (Label.of(coding)) {
        case Level(Confidentiality mark) -> marks.add(mark);
        case Sensitive(Sensitivity sensitivity) -> sensitivities.add(sensitivity.code());
        case Other(Coding other) -> others.add(other);
      }
    }
    Optional<Confidentiality> mark =
        type == ProvisionType.DENY
            ? marks.stream().min(Confidentiality::compareTo)
            : marks.stream().max(Confidentiality::compareTo);
    return new Labels(type, mark, Set.copyOf(sensitivities), Set.copyOf(others));
  }

  private record Labels(
      ProvisionType type,
      Optional<Confidentiality> mark,
      Set<String> sensitivities,
      Set<Coding> others)
      implements Criterion {

    @Override
    public Truth of(EntryView view) {
      EntryLabels labels = view.labels();
      Truth any = mark.isEmpty() ? Truth.FALSE : level(mark.get(), labels);
      if (!sensitivities.isEmpty()) {
        any = any.or(sensitive(labels));
      }
      return others.isEmpty() ? any : any.or(other(labels));
    }

    private Truth level(Confidentiality level, EntryLabels labels) {
      if (labels.confidentiality().isEmpty()) {
        return Truth.UNKNOWN;
      }
      Confidentiality stated = labels.confidentiality().get();
      return Truth.of(type == ProvisionType.DENY ? !level.isAbove(stated) : !stated.isAbove(level));
    }

    /** An entry that nothing sensitive is stated of may be anything. */
    private Truth sensitive(EntryLabels labels) {
      if (labels.sensitivities().isEmpty()) {
        return Truth.UNKNOWN;
      }
      return Truth.of(anyOf(sensitivities, labels.sensitivities()));
    }

    private Truth other(EntryLabels labels) {
      return anyOf(others, labels.others()) ? Truth.TRUE : Truth.UNKNOWN;
    }

    /** A loop, not a stream: this is asked of every entry. */
    private static <T> boolean anyOf(Set<T> these, Set<T> those) {
      for (T each : these) {
        if (those.contains(each)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String words() {
      List<String> names = new ArrayList<>();
      mark.ifPresent(
          level -> names.add(level + (type == ProvisionType.DENY ? " or above" : " or below")));
      sensitivities.stream().sorted().forEach(names::add);
      others.stream().map(Coding::code).sorted().forEach(names::add);
      return "it is labelled " + String.join(" or ", names);
    }
  }

  /**
   * The criterion of kinds: resource types, profiles, content types.
   *
   * @see <a href="https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision.class">FHIR
   *     R4: Consent.provision.class</a>
   */
  static Criterion classes(List<Coding> codings) {
    Set<String> types = new HashSet<>();
    Set<String> profiles = new HashSet<>();
    Set<String> contents = new HashSet<>();
    boolean unclear = false;
    for (Coding coding : codings) {
      if (coding.code().isEmpty()) {
        unclear = true;
        continue;
      }
      switch (coding.system()) {
        case "http://hl7.org/fhir/resource-types" -> types.add(coding.code());
        case "urn:ietf:bcp:13" -> contents.add(content(coding.code()));
        case "urn:ietf:rfc:3986", "http://hl7.org/fhir/StructureDefinition" ->
            profiles.add(profile(coding));
        default -> unclear = true;
      }
    }
    return new Classes(Set.copyOf(types), Set.copyOf(profiles), Set.copyOf(contents), unclear);
  }

  /** A profile by its canonical, or by what follows that of all of HL7's. */
  private static String profile(Coding coding) {
    String canonical =
        coding.code().contains(":") ? coding.code() : coding.system() + "/" + coding.code();
    return withoutVersion(canonical);
  }

  private static String withoutVersion(String canonical) {
    int version = canonical.indexOf('|');
    return version < 0 ? canonical : canonical.substring(0, version);
  }

  /** The media type without its parameters. */
  private static String content(String type) {
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
  }

  private record Classes(
      Set<String> types, Set<String> profiles, Set<String> contents, boolean unclear)
      implements Criterion {

    /** The types that are, or hold, something with a content type. */
    private static final Set<String> DOCUMENTS =
        Set.of("Binary", "DiagnosticReport", "DocumentReference", "Media");

    @Override
    public Truth of(EntryView view) {
      Truth any = Truth.of(types.contains(view.entry().type())).unless(unclear);
      if (any != Truth.TRUE && !profiles.isEmpty()) {
        any = any.or(profiled(view.entry().facets().meta().profiles()));
      }
      return any == Truth.TRUE || contents.isEmpty() ? any : any.or(held(view));
    }

    private Truth profiled(List<String> claimed) {
      return claimed.isEmpty()
          ? Truth.UNKNOWN
          : Truth.of(
              claimed.stream().map(ContentCriteria::withoutVersion).anyMatch(profiles::contains));
    }

    private Truth held(EntryView view) {
      List<String> told = view.entry().facets().contentTypes();
      if (told.isEmpty()) {
        return DOCUMENTS.contains(view.entry().type()) ? Truth.UNKNOWN : Truth.FALSE;
      }
      return Truth.of(told.stream().map(ContentCriteria::content).anyMatch(contents::contains));
    }

    @Override
    public String words() {
      List<String> names = new ArrayList<>();
      types.stream().sorted().forEach(names::add);
      profiles.stream().sorted().forEach(names::add);
      contents.stream().sorted().forEach(names::add);
      if (unclear) {
        names.add("of a kind that is not known");
      }
      return "it is " + String.join(" or ", names);
    }
  }

  /** The criterion of codes, compared exactly: what stands under a code is another. */
  static Criterion codes(List<Concept> concepts) {
    Set<Coding> codes = new HashSet<>();
    boolean unclear = false;
    for (Concept concept : concepts) {
      unclear |= concept.codings().isEmpty();
      for (Coding coding : concept.codings()) {
        boolean whole = !coding.system().isEmpty() && !coding.code().isEmpty();
        unclear |= !whole;
        if (whole) {
          codes.add(coding);
        }
      }
    }
    return new Codes(Set.copyOf(codes), unclear);
  }

  private record Codes(Set<Coding> codes, boolean unclear) implements Criterion {
    @Override
    public Truth of(EntryView view) {
      List<Coded> theirs = view.entry().facets().codes();
      for (Coded code : theirs) {
        if (codes.contains(code.coding())) {
          return Truth.TRUE;
        }
      }
      return theirs.isEmpty() ? Truth.UNKNOWN : Truth.FALSE.unless(unclear);
    }

    @Override
    public String words() {
      return "it is about "
          + String.join(" or ", codes.stream().map(Coding::code).sorted().toList())
          + (unclear ? (codes.isEmpty() ? "" : " or ") + "something said in words" : "");
    }
  }

  /**
   * The criterion of dates: a denial holds of what touches the period, a permission of what lies
   * within it with all of its dates.
   */
  static Criterion dated(TimeSpan period, ProvisionType type) {
    return new DataPeriod(period, type);
  }

  private record DataPeriod(TimeSpan period, ProvisionType type) implements Criterion {
    @Override
    public Truth of(EntryView view) {
      EntryView.Dates dates = view.dates();
      if (dates.spans().isEmpty()) {
        return Truth.UNKNOWN;
      }
      return type == ProvisionType.DENY ? touched(dates) : within(dates);
    }

    private Truth touched(EntryView.Dates dates) {
      for (TimeSpan span : dates.spans()) {
        if (period.overlaps(span)) {
          return Truth.TRUE;
        }
      }
      return Truth.FALSE.unless(dates.unclear());
    }

    private Truth within(EntryView.Dates dates) {
      for (TimeSpan span : dates.spans()) {
        if (!period.contains(span)) {
          return Truth.FALSE;
        }
      }
      return dates.unclear() ? Truth.UNKNOWN : Truth.TRUE;
    }

    @Override
    public String words() {
      return type == ProvisionType.DENY ? "it is of that time" : "it is wholly of that time";
    }
  }
}
