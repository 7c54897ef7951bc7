package dev.ermine.fhir;

import dev.ermine.fhir.Facets.Dated;
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

  private static final Comparator<Coding> ORDER =
      Comparator.comparing(Coding::code).thenComparing(Coding::system);

  private final List<Coding> labels = new ArrayList<>();
  private final List<Coding> codes = new ArrayList<>();
  private final List<Dated> dates = new ArrayList<>();
  private final List<String> profiles = new ArrayList<>();
  private final List<String> contentTypes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private Optional<String> lastUpdated = Optional.empty();

  /** The codes once they are many: ordered, since a peer can make hashes meet. */
  private @Nullable Set<Coding> many;

  void clear() {
    labels.clear();
    codes.clear();
    dates.clear();
    profiles.clear();
    contentTypes.clear();
    warnings.clear();
    lastUpdated = Optional.empty();
    many = null;
  }

  void label(Coding label) {
    labels.add(label);
  }

  void code(Coding code) {
    if (isNew(code)) {
      codes.add(code);
    }
  }

  private boolean isNew(Coding code) {
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

  void lastUpdated(@Nullable String instant) {
    lastUpdated = Optional.ofNullable(instant);
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

  void warning(String code) {
    warnings.add(code);
  }

  Facets facets() {
    return new Facets(
        copy(labels),
        copy(codes),
        copy(dates),
        lastUpdated,
        copy(profiles),
        copy(contentTypes),
        copy(warnings));
  }

  /** Most are empty, and then nothing is made. */
  private static <T> List<T> copy(List<T> found) {
    return found.isEmpty() ? List.of() : List.copyOf(found);
  }
}
