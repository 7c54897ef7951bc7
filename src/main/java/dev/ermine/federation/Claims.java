package dev.ermine.federation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The claims of a token of ours, read as what they must be: anything else is a fault. */
record Claims(Map<?, ?> claims) {

  /** A list of values in fixed places. */
  record Row(List<?> values) {

    int size() {
      return values.size();
    }

    String text(int place) {
      return as(String.class, value(place));
    }

    boolean flag(int place) {
      return as(Boolean.class, value(place));
    }

    int number(int place) {
      return as(Number.class, value(place)).intValue();
    }

    /** The texts from that place on. */
    List<String> texts(int from) {
      List<String> texts = new ArrayList<>();
      for (int i = from; i < values.size(); i++) {
        texts.add(text(i));
      }
      return texts;
    }

    private @Nullable Object value(int place) {
      if (place >= values.size()) {
        throw fault();
      }
      return values.get(place);
    }
  }

  boolean has(String name) {
    return claims.containsKey(name);
  }

  Optional<String> text(String name) {
    return optional(String.class, name);
  }

  boolean flag(String name) {
    return optional(Boolean.class, name).orElseThrow(Claims::fault);
  }

  Optional<Integer> number(String name) {
    return optional(Number.class, name).map(Number::intValue);
  }

  Optional<List<?>> list(String name) {
    return optional(List.class, name).map(list -> (List<?>) list);
  }

  List<String> texts(String name) {
    return new Row(list(name).orElseThrow(Claims::fault)).texts(0);
  }

  List<Row> rows(String name) {
    return rows(list(name).orElseThrow(Claims::fault));
  }

  static List<Row> rows(List<?> rows) {
    List<Row> read = new ArrayList<>();
    for (Object row : rows) {
      read.add(new Row(as(List.class, row)));
    }
    return read;
  }

  Claims map(String name) {
    return new Claims(optional(Map.class, name).orElseThrow(Claims::fault));
  }

  private <T> Optional<T> optional(Class<T> type, String name) {
    Object value = claims.get(name);
    return value == null ? Optional.empty() : Optional.of(as(type, value));
  }

  private static <T> T as(Class<T> type, @Nullable Object value) {
    if (!type.isInstance(value)) {
      throw fault();
    }
    return type.cast(value);
  }

  /** Without the value: it may be a patient's. */
  static IllegalArgumentException fault() {
    return new IllegalArgumentException("these are not the claims of a sequence of pages");
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Claims";
  }
}
