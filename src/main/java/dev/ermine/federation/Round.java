package dev.ermine.federation;

import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.policy.RegionDecision;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.util.List;

/**
 * One read under way, with all that it is answered with.
 *
 * @param decision which types may be had of the region
 */
record Round(
    Read read,
    Region region,
    RegionDecision decision,
    Regions regions,
    Discretion discretion,
    Deadline deadline) {

  /** What is read, on whose behalf, about whom. */
  record Read(Call call, NhsNumber patient, RegionId region, ReadItem item) {

    Requester requester() {
      return call.requester();
    }

    String type() {
      return item.type();
    }

    /** {@code region/Type/id}; of an attachment, what its address at the gateway says. */
    String reference() {
      return region + "/" + item.path();
    }
  }

  PeerQuestion.Search search(List<String> types, List<Parameter> filters) {
    return new PeerQuestion.Search(
        region,
        regions.gateway(),
        read.call(),
        read.patient(),
        types,
        filters,
        ResultParameters.of(List.of(), Plan.ITEMS),
        consulting());
  }

  PeerQuestion.Read question(ReadItem.Resource resource) {
    return new PeerQuestion.Read(
        region,
        regions.gateway(),
        read.call(),
        read.patient(),
        resource.type(),
        resource.id(),
        consulting());
  }

  private Consulting consulting() {
    return discretion.consulting(discretion.release(decision));
  }

  FederatedAnswer found(Gather content) {
    return new FederatedAnswer.Found(content, read.region(), java.util.Set.of());
  }
}
