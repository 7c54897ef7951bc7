package dev.ermine.audit;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One thing that happened, as the audit trail keeps it. It names patient, user and what was
 * released, so it shows itself by its request's id alone.
 */
public sealed interface AuditRecord {

  /** When. */
  Instant at();

  /** The request's {@code X-Request-Id}. */
  String requestId();

  /**
   * The query that an intent and its outcome both tell of.
   *
   * @param requestId the request's {@code X-Request-Id}
   * @param client the network address that it came from
   * @param text the request's FHIR part as it was asked, {@code Observation?date=…}; for a read the
   *     reference, {@code london/Observation/17}
   * @param types the resource types asked for
   * @param trustHash the version of trust in force
   */
  record Query(
      String requestId,
      String client,
      Requester requester,
      NhsNumber patient,
      Interaction interaction,
      String text,
      List<String> types,
      String trustHash) {
    public Query {
      requireId(requestId);
      types = List.copyOf(types);
    }

    @Override
    public String toString() {
      return "Query[" + requestId + "]";
    }
  }

  /**
   * What kind of query.
   *
   * @see <a href="https://hl7.org/fhir/R4/valueset-type-restful-interaction.html">FHIR R4: RESTful
   *     interactions</a>
   */
  enum Interaction {
    SEARCH_TYPE("search-type"),
    SEARCH_SYSTEM("search-system"),
    READ("read");

    private final String code;

    Interaction(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /**
   * A query that is about to be asked.
   *
   * @param asked the regions that will be asked, each with the rules that permit it
   * @param notAsked the regions that will not, each with the rules that deny it
   * @param demographics whether the Personal Demographics Service will be, for who the patient is
   */
  record Intent(
      Instant at,
      Query query,
      Map<RegionId, List<String>> asked,
      Map<RegionId, List<String>> notAsked,
      boolean demographics)
      implements AuditRecord {

    /** One of regions alone. */
    public Intent(
        Instant at,
        Query query,
        Map<RegionId, List<String>> asked,
        Map<RegionId, List<String>> notAsked) {
      this(at, query, asked, notAsked, false);
    }

    public Intent {
      asked = inOrder(asked);
      notAsked = inOrder(notAsked);
    }

    @Override
    public String requestId() {
      return query.requestId();
    }

    @Override
    public String toString() {
      return "Intent[" + requestId() + "]";
    }
  }

  /**
   * A query that is about to see what is withheld otherwise: the requester says why.
   *
   * @param asked the regions that will be asked, each with the rules that permit it
   */
  record GlassBroken(Instant at, Query query, Map<RegionId, List<String>> asked)
      implements AuditRecord {
    public GlassBroken {
      asked = inOrder(asked);
    }

    @Override
    public String requestId() {
      return query.requestId();
    }

    @Override
    public String toString() {
      return "GlassBroken[" + requestId() + "]";
    }
  }

  /**
   * A notice that the glass was broken, taken in by a region's privacy office.
   *
   * @param requestId of the request that it is about
   * @param about when the glass was broken: an asker may give two requests the same id
   * @param region whose office it is
   * @param trustHash the version of {@code regions.yaml} in force, which names its address
   */
  record Told(Instant at, String requestId, Instant about, RegionId region, String trustHash)
      implements AuditRecord {
    public Told {
      requireId(requestId);
    }

    @Override
    public String toString() {
      return "Told[" + requestId + ", " + region + "]";
    }
  }

  /**
   * What came of a query.
   *
   * @param status the HTTP status that is about to be sent
   * @param statuses each region's status in the account
   * @param released references ({@code region/Type/id}) of what is about to be disclosed
   * @param origins the other regions that some of it comes from, as those say that relay it
   */
  record Outcome(
      Instant at,
      Query query,
      int status,
      Map<RegionId, String> statuses,
      List<String> released,
      Set<RegionId> origins)
      implements AuditRecord {
    public Outcome {
      statuses = inOrder(statuses);
      released = List.copyOf(released);
      origins = Collections.unmodifiableSet(new TreeSet<>(origins));
    }

    /** One with nothing that is relayed. */
    public Outcome(
        Instant at,
        Query query,
        int status,
        Map<RegionId, String> statuses,
        List<String> released) {
      this(at, query, status, statuses, released, Set.of());
    }

    @Override
    public String requestId() {
      return query.requestId();
    }

    @Override
    public String toString() {
      return "Outcome[" + requestId() + "]";
    }
  }

  /**
   * A request that was refused.
   *
   * @param client the network address that it came from
   * @param reason the exact reason's id
   * @param region the region whose certificate was shown
   * @param requester who asked, when proven
   * @param route the route's template, never the URL
   * @param types the resource types asked for, where the question came to be looked at
   * @param trustHash the version of trust in force
   */
  record Refusal(
      Instant at,
      String requestId,
      String client,
      String reason,
      int status,
      Optional<RegionId> region,
      Optional<Requester> requester,
      String route,
      List<String> types,
      String trustHash)
      implements AuditRecord {
    public Refusal {
      requireId(requestId);
      types = List.copyOf(types);
    }

    /** One that was refused before it was looked at what it asks. */
    public Refusal(
        Instant at,
        String requestId,
        String client,
        String reason,
        int status,
        Optional<RegionId> region,
        Optional<Requester> requester,
        String route,
        String trustHash) {
      this(at, requestId, client, reason, status, region, requester, route, List.of(), trustHash);
    }

    @Override
    public String toString() {
      return "Refusal[" + requestId + ", " + reason + "]";
    }
  }

  /**
   * An access token that is about to be given.
   *
   * @param client the network address that it was asked for from
   * @param requester whom the token proves, until when and within which scope
   * @param trustHash the version of {@code regions.yaml} in force
   */
  record Issue(Instant at, String requestId, String client, Requester requester, String trustHash)
      implements AuditRecord {
    public Issue {
      requireId(requestId);
    }

    @Override
    public String toString() {
      return "Issue[" + requestId + "]";
    }
  }

  /**
   * What a security officer did at the gateway, or was refused.
   *
   * @param client the network address that it came from
   * @param officer the officer's id
   * @param route the route's template
   * @param asked what was asked, in codes: never a patient, never free text
   * @param decisions how many decisions were told
   * @param status the HTTP status that is about to be sent
   * @param reason why it was refused, as an id
   * @param trustHash the version of {@code regions.yaml} in force
   */
  record Act(
      Instant at,
      String requestId,
      String client,
      String officer,
      String route,
      Map<String, String> asked,
      int decisions,
      int status,
      Optional<String> reason,
      String trustHash)
      implements AuditRecord {

    /** In {@link #asked}: the id of the past request that was looked up in the audit. */
    public static final String REQUEST = "request";

    public Act {
      requireId(requestId);
      asked = Collections.unmodifiableMap(new LinkedHashMap<>(asked));
    }

    @Override
    public String toString() {
      return "Act[" + requestId + ", " + officer + "]";
    }
  }

  private static void requireId(String requestId) {
    if (requestId.isBlank()) {
      throw new IllegalArgumentException("a request has an id");
    }
  }

  private static <V> Map<RegionId, V> inOrder(Map<RegionId, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
