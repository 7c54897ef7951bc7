package dev.ermine.federation;

import dev.ermine.audit.AuditTrail;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.policy.AgreementRules;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The spine, to come. */
public final class Federation {

  public Federation(
      Supplier<Regions> live,
      Function<Regions, AgreementRules> rules,
      Peer peer,
      AuditTrail audit,
      String base,
      InstantSource clock) {}

  public FederatedAnswer search(
      Requester requester, FhirQuery query, Wishes wishes, String requestId) {
    return unanswered();
  }

  public FederatedAnswer read(
      Requester requester,
      NhsNumber patient,
      RegionId region,
      String type,
      String id,
      String requestId) {
    return unanswered();
  }

  private static FederatedAnswer unanswered() {
    return new FederatedAnswer.Unanswered(
        FederatedAnswer.Failure.NO_AGREEMENT,
        List.of(Issue.error(Issue.Code.FORBIDDEN, "there is no spine yet")),
        Optional.empty(),
        Optional.empty());
  }
}
