package dev.ermine.fhir;

import static dev.ermine.fhir.Name.CODE;
import static dev.ermine.fhir.Name.CONTENT_TYPE;
import static dev.ermine.fhir.Name.END;
import static dev.ermine.fhir.Name.HASH;
import static dev.ermine.fhir.Name.LAST_UPDATED;
import static dev.ermine.fhir.Name.PROFILE;
import static dev.ermine.fhir.Name.REFERENCE;
import static dev.ermine.fhir.Name.SOURCE;
import static dev.ermine.fhir.Name.START;
import static dev.ermine.fhir.Name.SYSTEM;
import static dev.ermine.fhir.Name.TYPE;
import static dev.ermine.fhir.Name.URL;
import static dev.ermine.fhir.Name.VALUE_CODE;
import static dev.ermine.fhir.Name.VALUE_URI;
import static dev.ermine.fhir.Name.VALUE_URL;
import static dev.ermine.fhir.Name.VERSION_ID;

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
    CODING(SYSTEM, CODE),
    CONTEXT(Name.PERIOD),
    EXTENSION(VALUE_CODE),
    LABEL(SYSTEM, CODE),
    META,
    OWN_META(VERSION_ID, LAST_UPDATED, SOURCE, PROFILE),
    PERIOD(START, END),
    TAG(SYSTEM, CODE);

    /** By their ordinals, the names whose texts mean something in such an object. */
    private final long texts;

    /** Some mean something in an object of any kind. */
    Kind(Name... own) {
      texts = bits(REFERENCE, TYPE, URL, VALUE_URI, VALUE_URL, CONTENT_TYPE, HASH) | bits(own);
    }

    private static long bits(Name... names) {
      long bits = 0;
      for (Name name : names) {
        bits |= name.bit();
      }
      return bits;
    }

    /** Whether a text under that key means something. */
    boolean reads(Name key) {
      return (texts & key.bit()) != 0;
    }

    /** What stands under that key at any depth of an object of this kind. */
    Kind under(Name key) {
      return switch (key) {
        case CODING -> CODING;
        case EXTENSION, MODIFIER_EXTENSION -> EXTENSION;
        case META -> META;
        case SECURITY -> this == META || this == OWN_META ? LABEL : OTHER;
        case TAG -> this == OWN_META ? TAG : OTHER;
        default -> OTHER;
      };
    }
  }

  // A Reference.
  @Nullable Url literal;
  @Nullable Identifier logical;
  Optional<String> type = Optional.empty();

  // A Coding, or an Extension with its code.
  Optional<String> system = Optional.empty();
  Optional<String> code = Optional.empty();
  boolean warning;

  // A Period.
  Optional<String> start = Optional.empty();
  Optional<String> end = Optional.empty();

  /** That of the next object. */
  Part anew() {
    literal = null;
    logical = null;
    type = Optional.empty();
    system = Optional.empty();
    code = Optional.empty();
    warning = false;
    start = Optional.empty();
    end = Optional.empty();
    return this;
  }

  boolean isReference() {
    return literal != null || logical != null;
  }

  Reference reference(String element) {
    Identifier identifier = logical;
    return new Reference(
        element,
        Optional.ofNullable(literal),
        type,
        identifier == null ? Optional.empty() : identifier.system(),
        identifier == null ? Optional.empty() : identifier.value());
  }

  Dated dated(String element) {
    return new Dated(element, start, end);
  }
}
