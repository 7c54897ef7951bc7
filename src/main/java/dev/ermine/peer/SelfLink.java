package dev.ermine.peer;

import dev.ermine.fhir.Parameter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a region says in a {@code self} link that it searched by. The link names the patient: of it
 * nothing is kept but which filters are not in it.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#conformance">FHIR R4: server conformance</a>
 */
final class SelfLink {

  /** No region has reason to write more; what goes on longer says nothing. */
  private static final int LONGEST = 64 * 1024;

  private SelfLink() {}

  /** Those of the filters that the region does not say it applied: all, where it says nothing. */
  static List<Parameter> unsaid(List<Parameter> filters, Optional<String> link) {
    if (filters.isEmpty() || link.isEmpty() || link.get().length() > LONGEST) {
      return filters;
    }
    List<Parameter> unsaid = new ArrayList<>(filters);
    for (String said : query(link.get()).split("&", -1)) {
      int equals = said.indexOf('=');
      if (equals > 0) {
        strike(unsaid, said.substring(0, equals), said.substring(equals + 1));
      }
    }
    return List.copyOf(unsaid);
  }

  private static String query(String link) {
    int from = link.indexOf('?') + 1;
    int fragment = link.indexOf('#', from);
    return from == 0 ? "" : link.substring(from, fragment < 0 ? link.length() : fragment);
  }

  /** One that was asked twice has to be said twice. */
  private static void strike(List<Parameter> unsaid, String name, String value) {
    try {
      String decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
      List<String> said = alternatives(URLDecoder.decode(value, StandardCharsets.UTF_8));
      for (int i = 0; i < unsaid.size(); i++) {
        if (unsaid.get(i).name().equals(decoded)
            && alternatives(unsaid.get(i).value()).equals(said)) {
          unsaid.remove(i);
          return;
        }
      }
    } catch (IllegalArgumentException notEncodedRight) {
      // Then it says nothing that can be understood; what the exception says quotes it.
    }
  }

  /** In whatever order, for each of them suffices; a plus that was not escaped is a blank now. */
  private static List<String> alternatives(String value) {
    return Arrays.stream(value.replace('+', ' ').split(",", -1)).sorted().toList();
  }
}
