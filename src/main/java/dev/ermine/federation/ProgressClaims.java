package dev.ermine.federation;

import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.Duplicates;
import dev.ermine.merge.Status;
import dev.ermine.merge.order.Cursor;
import dev.ermine.region.RegionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A {@link Progress} as the claims of a token, and back. Regions are told by their place among
 * those that the asker can ask, which one version of trust fixes: so a token stays short when there
 * are many.
 */
final class ProgressClaims {

  private static final char HEARD = '-';

  private final List<RegionId> regions;

  /**
   * @param regions those that the asker can ask, in the order of {@code regions.yaml}
   */
  ProgressClaims(List<RegionId> regions) {
    this.regions = regions;
  }

  Map<String, Object> of(Progress progress) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("query", of(progress.query()));
    claims.put("wishes", of(progress.wishes()));
    progress.after().ifPresent(cursor -> claims.put("after", cursor.claims()));
    progress.only().ifPresent(only -> claims.put("only", only(only)));
    if (!progress.missing().isEmpty()) {
      claims.put("missing", missing(progress.missing()));
    }
    progress.digests().ifPresent(digests -> claims.put("digests", digests(digests)));
    return claims;
  }

  /**
   * The progress that claims are of. They were sealed by a gateway that has our keys.
   *
   * @throws IllegalArgumentException when they are of none
   */
  Progress read(Map<String, Object> claims) {
    Claims all = new Claims(claims);
    return new Progress(
        query(all.map("query")),
        wishes(all.map("wishes")),
        Optional.empty(),
        all.list("after").map(after -> Cursor.of(after).orElseThrow(Claims::fault)),
        all.list("only").map(this::readOnly),
        all.text("missing").map(this::readMissing).orElse(Map.of()),
        all.text("digests").map(this::readDigests));
  }

  private static Map<String, Object> of(FhirQuery query) {
    Map<String, Object> claims = new LinkedHashMap<>();
    ResultParameters results = query.results();
    claims.put("types", query.types());
    claims.put("system", query.system());
    claims.put("patient", query.patient().value());
    claims.put(
        "filters", query.filters().stream().map(it -> List.of(it.name(), it.value())).toList());
    claims.put(
        "sort",
        results.sort().stream().map(it -> List.of(it.parameter(), it.descending())).toList());
    results.count().ifPresent(count -> claims.put("count", count));
    claims.put("with", results.inclusions().stream().map(ProgressClaims::of).toList());
    claims.put("counts", query.countOnly());
    claims.put("dropped", query.dropped());
    return claims;
  }

  private static List<Object> of(Inclusion inclusion) {
    List<Object> claims =
        new ArrayList<>(List.of(inclusion.reverse(), inclusion.source(), inclusion.parameter()));
    inclusion.target().ifPresent(claims::add);
    return claims;
  }

  private static FhirQuery query(Claims query) {
    return new FhirQuery(
        query.texts("types"),
        query.flag("system"),
        query.text("patient").flatMap(NhsNumber::parse).orElseThrow(Claims::fault),
        query.rows("filters").stream().map(it -> new Parameter(it.text(0), it.text(1))).toList(),
        new ResultParameters(
            query.rows("sort").stream().map(it -> new Sort(it.text(0), it.flag(1))).toList(),
            query.number("count").map(OptionalInt::of).orElseGet(OptionalInt::empty),
            query.rows("with").stream().map(ProgressClaims::inclusion).toList()),
        query.flag("counts"),
        query.texts("dropped"));
  }

  private static Inclusion inclusion(Claims.Row row) {
    return new Inclusion(
        row.flag(0),
        row.text(1),
        row.text(2),
        row.size() > 3 ? Optional.of(row.text(3)) : Optional.empty());
  }

  private static Map<String, Object> of(Wishes wishes) {
    Map<String, Object> claims = new LinkedHashMap<>();
    wishes.regions().ifPresent(regions -> claims.put("regions", regions));
    switch (wishes.require()) {
      case Wishes.Require.Nothing _ -> {}
      case Wishes.Require.All _ -> claims.put("all", true);
      case Wishes.Require.These(var regions) -> claims.put("require", regions);
    }
    claims.put("fold", wishes.duplicates() == Duplicates.FOLD);
    return claims;
  }

  private static Wishes wishes(Claims wishes) {
    Wishes.Require require =
        wishes.has("all")
            ? new Wishes.Require.All()
            : wishes.has("require")
                ? new Wishes.Require.These(wishes.texts("require"))
                : new Wishes.Require.Nothing();
    return new Wishes(
        wishes.has("regions") ? Optional.of(wishes.texts("regions")) : Optional.empty(),
        require,
        Optional.empty(),
        wishes.flag("fold") ? Duplicates.FOLD : Duplicates.SHOW);
  }

  private List<Object> only(Map<RegionId, Set<String>> only) {
    List<Object> claims = new ArrayList<>();
    only.forEach(
        (region, types) -> {
          List<Object> row = new ArrayList<>(List.of(regions.indexOf(region)));
          row.addAll(types);
          claims.add(row);
        });
    return claims;
  }

  private Map<RegionId, Set<String>> readOnly(List<?> rows) {
    Map<RegionId, Set<String>> only = new LinkedHashMap<>();
    for (Claims.Row row : Claims.rows(rows)) {
      only.put(region(row.number(0)), Set.copyOf(row.texts(1)));
    }
    return only;
  }

  private String missing(Map<RegionId, Status> missing) {
    StringBuilder letters = new StringBuilder();
    for (RegionId region : regions) {
      Status status = missing.get(region);
      letters.append(status == null ? HEARD : letter(status));
    }
    return letters.toString();
  }

  private Map<RegionId, Status> readMissing(String letters) {
    Map<RegionId, Status> missing = new LinkedHashMap<>();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      if (letter != HEARD) {
        missing.put(region(i), status(letter));
      }
    }
    return missing;
  }

  private static char letter(Status status) {
    return switch (status) {
      case TIMED_OUT -> 't';
      case UNREACHABLE -> 'u';
      case FAILING -> 'f';
      case THROTTLED -> 'q';
      default -> throw new IllegalStateException("a region is not missing when it is " + status);
    };
  }

  private static Status status(char letter) {
    return switch (letter) {
      case 't' -> Status.TIMED_OUT;
      case 'u' -> Status.UNREACHABLE;
      case 'f' -> Status.FAILING;
      case 'q' -> Status.THROTTLED;
      default -> throw Claims.fault();
    };
  }

  /** Eight bytes for each region; zero for one that disclosed nothing. */
  private String digests(Map<RegionId, Long> digests) {
    ByteBuffer bytes = ByteBuffer.allocate(regions.size() * Long.BYTES);
    regions.forEach(region -> bytes.putLong(digests.getOrDefault(region, 0L)));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  private Map<RegionId, Long> readDigests(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    Map<RegionId, Long> digests = new LinkedHashMap<>();
    for (int i = 0; bytes.remaining() >= Long.BYTES; i++) {
      long digest = bytes.getLong();
      if (digest != 0) {
        digests.put(region(i), digest);
      }
    }
    return digests;
  }

  private RegionId region(int place) {
    if (place < 0 || place >= regions.size()) {
      throw Claims.fault();
    }
    return regions.get(place);
  }
}
