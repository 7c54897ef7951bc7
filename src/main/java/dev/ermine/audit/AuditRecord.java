package dev.ermine.audit;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing that happened, as the audit trail keeps it. */
public sealed interface AuditRecord {

  /** When. */
  Instant at();

  /** The request's {@code X-Request-Id}. */
  String requestId();

  /**
   * A query that is about to be asked.
   *
   * @param interaction {@code search-type}, {@code search-system} or {@code read}
   * @param query the request's FHIR part as it was asked: {@code Observation?date=…}; kept base64
   *     in the event
   * @param asked the regions that will be asked, each with the rules that permit it
   * @param notAsked the regions that will not, each with the rules that deny it
   * @param trustHash the version of {@code regions.yaml} in force
   */
  record Intent(
      Instant at,
      String requestId,
      Requester requester,
      NhsNumber patient,
      String interaction,
      String query,
      Map<RegionId, List<String>> asked,
      Map<RegionId, List<String>> notAsked,
      String trustHash)
      implements AuditRecord {}

  /**
   * What came of a query.
   *
   * @param status the HTTP status that is about to be sent
   * @param statuses each region's status in the account
   * @param released references ({@code region/Type/id}) of what is about to be disclosed
   */
  record Outcome(
      Instant at,
      String requestId,
      Requester requester,
      NhsNumber patient,
      String interaction,
      int status,
      Map<RegionId, String> statuses,
      List<String> released,
      String trustHash)
      implements AuditRecord {}

  /**
   * A request that was refused.
   *
   * @param reason the exact reason's id
   * @param region the region whose certificate was shown
   * @param requester who asked, when proven
   * @param route the route's template, never the URL
   */
  record Refusal(
      Instant at,
      String requestId,
      String reason,
      int status,
      Optional<RegionId> region,
      Optional<Requester> requester,
      String route)
      implements AuditRecord {}
}
