package dev.ermine.fhir;

import dev.ermine.fhir.Facets.Coded;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The codes that one body repeats. Of those that fall together the one met last is kept, so neither
 * room nor time grows with the body.
 */
final class Codings {

  private static final int COUNT = 64;

  private final @Nullable Coding[] codings = new @Nullable Coding[COUNT];
  private final @Nullable Coded[] coded = new @Nullable Coded[COUNT];

  /** That code; one met before is the same object. */
  Coding coding(Optional<String> system, String code) {
    String of = system.orElse("");
    int place = place(of, code);
    Coding known = codings[place];
    if (known != null && known.code().equals(code) && known.system().equals(of)) {
      return known;
    }
    Coding coding = new Coding(of, code);
    codings[place] = coding;
    return coding;
  }

  /** That code under that element; one met before is the same object. */
  @SuppressWarnings("ReferenceEquality") // one that is equal and another is no loss
  Coded coded(String element, Coding coding) {
    int place = place(element, coding.code());
    Coded known = coded[place];
    if (known != null && known.coding() == coding && known.element().equals(element)) {
      return known;
    }
    Coded code = new Coded(element, coding);
    coded[place] = code;
    return code;
  }

  private static int place(String one, String other) {
    return (one.hashCode() + 31 * other.hashCode()) & (COUNT - 1);
  }
}
