package dev.ermine.fhir;

import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import dev.ermine.fhir.Facets.Dated;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an object says of itself, as far as the walk has come in it. */
final class Part {

  /** What an object is, as far as the walk looks into it; this follows from the key it is under. */
  enum Kind {
    OTHER,
    CODING,
    CONTEXT,
    EXTENSION,
    LABEL,
    META,
    PERIOD,
    TAG;

    /** What stands under that key at any depth. */
    static Kind under(Name key) {
      return switch (key) {
        case CODING -> CODING;
        case EXTENSION, MODIFIER_EXTENSION -> EXTENSION;
        case META -> META;
        default -> OTHER;
      };
    }
  }

  // A Reference.
  @Nullable Url literal;
  @Nullable Identifier logical;
  @Nullable String type;

  // A Coding, or an Extension with its code.
  @Nullable String system;
  @Nullable String code;
  boolean warning;

  // A Period.
  @Nullable String start;
  @Nullable String end;

  boolean isReference() {
    return literal != null || logical != null;
  }

  Reference reference(String element) {
    Optional<Identifier> identifier = Optional.ofNullable(logical);
    return new Reference(
        element,
        Optional.ofNullable(literal),
        Optional.ofNullable(type),
        identifier.flatMap(Identifier::system),
        identifier.flatMap(Identifier::value));
  }

  Dated dated(String element) {
    return new Dated(element, Optional.ofNullable(start), Optional.ofNullable(end));
  }
}
