package dev.ermine.fhir;

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

  void clear() {
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
  }

  /** How many there are of those that may be many. */
  int count() {
    return labels.size()
        + codes.size()
        + dates.size()
        + profiles.size()
        + tags.size()
        + contentTypes.size()
        + hashes.size()
        + warnings.size();
  }

  void label(Coding label) {
    labels.add(label);
  }

  void code(Coded code) {
    if (isNew(code)) {
      codes.add(code);
    }
  }

  private boolean isNew(Coded code) {
    if (codes.size() < FEW) {
      return !codes.contains(code);
    }
    if (many == null) {
      many = new TreeSet<>(ORDER);
      many.addAll(codes);
    }
    return many.add(code);
  }

  void dated(Dated date) {
    dates.add(date);
  }

  void version(@Nullable String id) {
    version = Optional.ofNullable(id);
  }

  void lastUpdated(@Nullable String instant) {
    lastUpdated = Optional.ofNullable(instant);
  }

  void source(@Nullable String uri) {
    source = Optional.ofNullable(uri);
  }

  void tag(Coding tag) {
    tags.add(tag);
  }

  void status(@Nullable String code) {
    status = Optional.ofNullable(code);
  }

  void profile(@Nullable String profile) {
    if (profile != null) {
      profiles.add(profile);
    }
  }

  void contentType(@Nullable String contentType) {
    if (contentType != null) {
      contentTypes.add(contentType);
    }
  }

  void hash(@Nullable String hash) {
    if (hash != null) {
      hashes.add(hash);
    }
  }

  void warning(String code) {
    warnings.add(code);
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

  /** Most are empty, and then nothing is made. */
  private static <T> List<T> copy(List<T> found) {
    return found.isEmpty() ? List.of() : List.copyOf(found);
  }
}
