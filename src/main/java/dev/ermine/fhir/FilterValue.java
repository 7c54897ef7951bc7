package dev.ermine.fhir;

import dev.ermine.fhir.SearchParameters.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The form that a filter's value must have to be passed on to a peer. */
final class FilterValue {

  private static final int LONGEST = 1024;

  private FilterValue() {}

  /** What is wrong with the value of a filter of this kind and modifier. */
  static Optional<Issue> fault(Parameter filter, Kind kind, Optional<String> modifier) {
    String value = filter.value();
    if (value.isBlank()) {
      return fault(Issue.Code.VALUE, filter, "has no value; give it one, or leave it out");
    }
    if (value.length() > LONGEST) {
      return fault(
          Issue.Code.TOO_LONG, filter, "has more than 1024 characters; ask with fewer values");
    }
    if (!value.codePoints().allMatch(FilterValue::isText)) {
      return fault(
          Issue.Code.VALUE, filter, "has control characters or broken ones; mend its encoding");
    }
    if (modifier.equals(Optional.of("missing"))) {
      return Set.of("true", "false").contains(value)
          ? Optional.empty()
          : fault(Issue.Code.VALUE, filter, "must be `true` or `false`");
    }
    if (kind == Kind.DATE && !Stream.of(value.split(",", -1)).allMatch(SearchDate::isValid)) {
      return fault(
          Issue.Code.VALUE,
          filter,
          "is not a date; write it such as `2020`, `ge2020-01-31` or `lt2020-01-31T09:30:00Z`,"
              + " and in addresses the `+` of a time zone as `%2B`");
    }
    return Optional.empty();
  }

  private static boolean isText(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }

  private static Optional<Issue> fault(Issue.Code code, Parameter filter, String what) {
    return Optional.of(Issue.error(code, "`%s` %s".formatted(filter.shownName(), what)));
  }
}
