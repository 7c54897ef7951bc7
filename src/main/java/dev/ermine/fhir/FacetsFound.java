package dev.ermine.fhir;

import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.Facets.Meta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The facets of the resource that is being read, as far as they were found. */
final class FacetsFound {

  /** Up to so many codes, looking through them is quicker than a set. */
  private static final int FEW = 16;

  private static final Comparator<Coded> ORDER =
      Comparator.comparing((Coded coded) -> coded.coding().code())
          .thenComparing(coded -> coded.coding().system())
          .thenComparing(Coded::element);

  private final List<Reference> references = new ArrayList<>();
  private final List<Url> urls = new ArrayList<>();
  private final List<ContainedPatient> patients = new ArrayList<>();
  private final List<Coding> labels = new ArrayList<>();
  private final List<Coded> codes = new ArrayList<>();
  private final List<Dated> dates = new ArrayList<>();
  private final List<String> profiles = new ArrayList<>();
  private final List<Coding> tags = new ArrayList<>();
  private final List<String> contentTypes = new ArrayList<>();
  private final List<String> hashes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private Optional<String> version = Optional.empty();
  private Optional<String> lastUpdated = Optional.empty();
  private Optional<String> source = Optional.empty();
  private Optional<String> status = Optional.empty();

  /** The codes once they are many: ordered, since a peer can make hashes meet. */
  private @Nullable Set<Coded> many;

  /** How many there are of those that may be many. */
  private int count;

  void clear() {
    references.clear();
    urls.clear();
    patients.clear();
    labels.clear();
    codes.clear();
    dates.clear();
    profiles.clear();
    tags.clear();
    contentTypes.clear();
    hashes.clear();
    warnings.clear();
    version = Optional.empty();
    lastUpdated = Optional.empty();
    source = Optional.empty();
    status = Optional.empty();
    many = null;
    count = 0;
  }

  int count() {
    return count;
  }

  private <T> void add(T facet, List<T> facets) {
    facets.add(facet);
    count++;
  }

  void reference(Reference reference) {
    add(reference, references);
  }

  void url(Url url) {
    add(url, urls);
  }

  void patient(ContainedPatient patient) {
    add(patient, patients);
  }

  /** An identifier, wherever it is; they are kept elsewhere. */
  void identifier(Identifier any) {
    count++;
  }

  void label(Coding label) {
    add(label, labels);
  }

  void code(Coded code) {
    if (isNew(code)) {
      add(code, codes);
    }
  }

  private boolean isNew(Coded code) {
    if (codes.size() < FEW) {
      return isNewOfFew(code);
    }
    if (many == null) {
      many = new TreeSet<>(ORDER);
      many.addAll(codes);
    }
    return many.add(code);
  }

  /** Codes differ the soonest. */
  private boolean isNewOfFew(Coded code) {
    for (Coded other : codes) {
      if (other.coding().code().equals(code.coding().code())
          && other.coding().system().equals(code.coding().system())
          && other.element().equals(code.element())) {
        return false;
      }
    }
    return true;
  }

  void dated(Dated date) {
    add(date, dates);
  }

  void version(Optional<String> id) {
    version = id;
  }

  void lastUpdated(Optional<String> instant) {
    lastUpdated = instant;
  }

  void source(Optional<String> uri) {
    source = uri;
  }

  void status(Optional<String> code) {
    status = code;
  }

  void profile(Optional<String> profile) {
    addIfAny(profile, profiles);
  }

  void tag(Coding tag) {
    add(tag, tags);
  }

  void contentType(Optional<String> contentType) {
    addIfAny(contentType, contentTypes);
  }

  void hash(Optional<String> hash) {
    addIfAny(hash, hashes);
  }

  void warning(String code) {
    add(code, warnings);
  }

  private <T> void addIfAny(Optional<T> facet, List<T> facets) {
    if (facet.isPresent()) {
      add(facet.get(), facets);
    }
  }

  List<Reference> references() {
    return copy(references);
  }

  List<Url> urls() {
    return copy(urls);
  }

  List<ContainedPatient> patients() {
    return copy(patients);
  }

  Facets facets(boolean garbled) {
    return new Facets(
        copy(labels),
        copy(codes),
        copy(dates),
        new Meta(version, lastUpdated, source, copy(profiles), copy(tags)),
        status,
        copy(contentTypes),
        copy(hashes),
        copy(warnings),
        garbled);
  }

  /** Most are empty or have few, and then little is made. */
  static <T> List<T> copy(List<T> found) {
    return switch (found.size()) {
      case 0 -> List.of();
      case 1 -> List.of(found.get(0));
      case 2 -> List.of(found.get(0), found.get(1));
      default -> List.copyOf(found);
    };
  }
}
