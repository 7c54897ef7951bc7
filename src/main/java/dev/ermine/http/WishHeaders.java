package dev.ermine.http;

import dev.ermine.federation.Wishes;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.Duplicates;
import dev.ermine.region.RegionId;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The headers by which an asker says how a query is to be answered. */
final class WishHeaders {

  private static final Pattern MILLISECONDS = Pattern.compile("[0-9]{1,9}");
  private static final int MOST_REGIONS = 64;

  private final MultiMap headers;
  private final List<Issue> faults = new ArrayList<>();

  private WishHeaders(MultiMap headers) {
    this.headers = headers;
  }

  /** What became of the headers. */
  sealed interface Heard {
    /**
     * They are understood.
     *
     * @param patient {@code Ermine-Patient}
     */
    record Understood(Wishes wishes, boolean strict, Optional<NhsNumber> patient)
        implements Heard {}

    /** They are not: every fault, never a value that may be a patient's. */
    record Unclear(List<Issue> faults) implements Heard {
      public Unclear {
        faults = List.copyOf(faults);
      }
    }
  }

  static Heard read(MultiMap headers) {
    return new WishHeaders(headers).read();
  }

  private Heard read() {
    Wishes wishes = new Wishes(regions(), require(), deadline(), duplicates());
    Heard.Understood understood = new Heard.Understood(wishes, strict(), patient());
    return faults.isEmpty() ? understood : new Heard.Unclear(faults);
  }

  private Optional<List<String>> regions() {
    return list("Ermine-Regions");
  }

  private Wishes.Require require() {
    Optional<List<String>> named = list("Ermine-Require");
    if (named.isEmpty()) {
      return new Wishes.Require.Nothing();
    }
    return named.get().equals(List.of("all"))
        ? new Wishes.Require.All()
        : new Wishes.Require.These(named.get());
  }

  /** Region ids with commas between them; over several header lines as in one (RFC 9110 5.3). */
  private Optional<List<String>> list(String header) {
    if (!headers.contains(header)) {
      return Optional.empty();
    }
    List<String> ids =
        Arrays.stream(String.join(",", headers.getAll(header)).split(",", -1))
            .map(String::strip)
            .distinct()
            .toList();
    if (ids.size() > MOST_REGIONS || !ids.stream().allMatch(RegionId::isValid)) {
      fault("`" + header + "` is not a list of region ids; write it like `london, wessex`");
    }
    return Optional.of(ids);
  }

  private Optional<Duration> deadline() {
    return only("Ermine-Deadline")
        .flatMap(
            text -> {
              if (!MILLISECONDS.matcher(text).matches() || Long.parseLong(text) == 0) {
                fault("`Ermine-Deadline` is not a number of milliseconds; write it like `1500`");
                return Optional.empty();
              }
              return Optional.of(Duration.ofMillis(Long.parseLong(text)));
            });
  }

  private Duplicates duplicates() {
    return switch (only("Ermine-Duplicates").orElse("show")) {
      case "show" -> Duplicates.SHOW;
      case "fold" -> Duplicates.FOLD;
      default -> {
        fault(
            "`Ermine-Duplicates` is neither `show` nor `fold`; send one of them, or leave it out");
        yield Duplicates.SHOW;
      }
    };
  }

  private Optional<NhsNumber> patient() {
    return only("Ermine-Patient")
        .flatMap(
            text -> {
              Optional<NhsNumber> patient =
                  text.startsWith(NhsNumber.SYSTEM + "|")
                      ? NhsNumber.parse(text.substring(NhsNumber.SYSTEM.length() + 1))
                      : Optional.empty();
              if (patient.isEmpty()) {
                fault(
                    "`Ermine-Patient` does not name a patient; write `%s|` and an NHS number"
                        .formatted(NhsNumber.SYSTEM));
              }
              return patient;
            });
  }

  private Optional<String> only(String header) {
    List<String> lines = headers.getAll(header);
    if (lines.size() > 1) {
      fault("`" + header + "` is sent more than once; send it once");
    }
    return lines.stream().findFirst();
  }

  /**
   * The first {@code handling} decides; every other preference is left alone.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-2">RFC 7240: Prefer</a>
   * @see <a href="https://hl7.org/fhir/R4/search.html#errors">FHIR R4: handling</a>
   */
  private boolean strict() {
    return headers.getAll("Prefer").stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(preference -> preference.split(";", 2)[0])
        .map(preference -> preference.replaceAll("[ \\t\"]", "").toLowerCase(Locale.ROOT))
        .filter(preference -> preference.startsWith("handling="))
        .findFirst()
        .map(preference -> preference.equals("handling=strict"))
        .orElse(false);
  }

  private void fault(String text) {
    faults.add(Issue.error(Issue.Code.VALUE, text));
  }
}
