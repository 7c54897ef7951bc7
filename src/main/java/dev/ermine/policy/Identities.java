package dev.ermine.policy;

import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.region.Organisation;
import dev.ermine.trust.Requester;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The identifiers that a requester is known by, as an organisation and as a person.
 *
 * @param organisations ODS codes: of the organisation that asks, and of the region it asks through
 * @param persons the user's: SDS user id, and those that the token has beside it
 */
record Identities(List<String> organisations, List<Identifier> persons) {

  /** The identifier system of SDS user ids. */
  static final String SDS_USER = "https://fhir.nhs.uk/Id/sds-user-id";

  static Identities of(Requester requester, Organisation region) {
    List<Identifier> persons = new ArrayList<>();
    requester.userId().ifPresent(id -> persons.add(identifier(SDS_USER, id)));
    requester
        .practitioner()
        .ifPresent(json -> listed(json.get("identifier")).forEach(persons::add));
    return new Identities(
        List.of(ods(requester.organisation().ods()), ods(region.ods())), List.copyOf(persons));
  }

  private static Stream<Identifier> listed(@org.jspecify.annotations.Nullable Object identifiers) {
    return identifiers instanceof List<?> list
        ? list.stream()
            .flatMap(
                each ->
                    each instanceof Map<?, ?> one
                            && one.get("system") instanceof String system
                            && one.get("value") instanceof String value
                        ? Stream.of(identifier(system, value))
                        : Stream.empty())
        : Stream.empty();
  }

  private static Identifier identifier(String system, String value) {
    return new Identifier(Optional.of(system), Optional.of(value), Optional.empty());
  }

  /** Whether one of these is the organisation that has those identifiers. */
  Truth isOrganisation(Collection<Identifier> theirs) {
    List<String> codes =
        theirs.stream()
            .filter(each -> each.system().equals(Optional.of(Organisation.SYSTEM)))
            .flatMap(each -> each.value().stream())
            .map(Identities::ods)
            .toList();
    return codes.isEmpty()
        ? Truth.UNKNOWN
        : Truth.of(codes.stream().anyMatch(organisations::contains));
  }

  /** Whether this is the person who has those identifiers. */
  Truth isPerson(Collection<Identifier> theirs) {
    return same(persons, theirs);
  }

  /**
   * Whether those who have these identifiers and those are the same: they share one, and there is
   * no system by which they differ.
   */
  static Truth same(Collection<Identifier> some, Collection<Identifier> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return Truth.UNKNOWN;
    }
    boolean alike = false;
    boolean different = false;
    for (Identifier one : some) {
      List<Identifier> comparable =
          others.stream().filter(other -> other.system().equals(one.system())).toList();
      boolean shared = comparable.stream().anyMatch(other -> other.value().equals(one.value()));
      alike |= shared;
      different |= !shared && !comparable.isEmpty();
    }
    if (alike == different) {
      return Truth.UNKNOWN;
    }
    return Truth.of(alike);
  }

  private static String ods(String code) {
    return code.strip().toUpperCase(Locale.ROOT);
  }
}
