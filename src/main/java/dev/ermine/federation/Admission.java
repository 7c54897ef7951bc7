package dev.ermine.federation;

import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a question may be put at all, before it is asked who may answer it. */
final class Admission {

  private Admission() {}

  /** Why it may not. */
  static Optional<Unanswered> of(
      Requester requester, NhsNumber patient, Wishes wishes, Regions regions) {
    return otherPatient(requester, patient).or(() -> unknownRegion(requester, wishes, regions));
  }

  private static Optional<Unanswered> otherPatient(Requester requester, NhsNumber patient) {
    return requester
        .patient()
        .filter(named -> !named.identifier().equals(patient))
        .map(
            _ ->
                Unanswered.because(
                    Failure.OTHER_PATIENT,
                    Issue.Code.FORBIDDEN,
                    "the token serves one patient, and the query names another; send a token for the"
                        + " patient asked about"));
  }

  private static Optional<Unanswered> unknownRegion(
      Requester requester, Wishes wishes, Regions regions) {
    return named(wishes).stream()
        .filter(
            id ->
                regions.peersOf(requester.region()).stream()
                    .noneMatch(r -> r.id().value().equals(id)))
        .findFirst()
        .map(
            _ ->
                Unanswered.because(
                    Failure.UNKNOWN_REGION,
                    Issue.Code.VALUE,
                    "`Ermine-Regions` or `Ermine-Require` names a region that cannot be asked; name"
                        + " any of "
                        + askable(requester, regions)));
  }

  private static List<String> named(Wishes wishes) {
    List<String> named = new ArrayList<>(wishes.regions().orElse(List.of()));
    if (wishes.require() instanceof Wishes.Require.These(var regions)) {
      named.addAll(regions);
    }
    return named;
  }

  private static String askable(Requester requester, Regions regions) {
    return String.join(
        ", ", regions.peersOf(requester.region()).stream().map(r -> "`" + r.id() + "`").toList());
  }
}
