package dev.ermine.merge.order;

import dev.ermine.region.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where an entry stands in the order of an answer: after it the next page goes on, whatever has
 * come or gone since.
 *
 * @param values for each sort key its value, in milliseconds since 1970; empty where the entry has
 *     none
 * @param region whose answer it came in
 * @param type its resource type
 * @param name what tells it from all others of these
 */
public record Cursor(List<OptionalLong> values, RegionId region, String type, String name) {

  /** How claims say that there is no value. */
  private static final String NONE = "";

  /** Region, type and name come before the values. */
  private static final int VALUES = 3;

  public Cursor {
    values = List.copyOf(values);
  }

  /** It as plain values, strings and numbers, that a token can hold. */
  public List<Object> claims() {
    List<Object> claims = new ArrayList<>(List.of(region.value(), type, name));
    for (OptionalLong value : values) {
      claims.add(value.isPresent() ? (Object) value.getAsLong() : NONE);
    }
    return claims;
  }

  /** The cursor that these are the claims of; empty when they are none's. */
  public static Optional<Cursor> of(List<?> claims) {
    if (claims.size() < VALUES
        || !(claims.get(0) instanceof String region && RegionId.isValid(region))
        || !(claims.get(1) instanceof String type && !type.isEmpty())
        || !(claims.get(2) instanceof String name && EntryName.isValid(name))) {
      return Optional.empty();
    }
    List<OptionalLong> values = new ArrayList<>();
    for (Object claim : claims.subList(VALUES, claims.size())) {
      switch (claim) {
        case Long value -> values.add(OptionalLong.of(value));
        case Integer value -> values.add(OptionalLong.of(value));
        case String text when text.equals(NONE) -> values.add(OptionalLong.empty());
        case null, default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Cursor(values, new RegionId(region), type, name));
  }

  /** Nothing of it: dates and ids tell of the patient. */
  @Override
  public String toString() {
    return "Cursor";
  }
}
