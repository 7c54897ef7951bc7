package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server that is asked: a region's record, its register of objections, or demographics.
 *
 * @param register whether it is the register
 */
record Counterpart(RegionId region, boolean register) {

  /** Who is asked that question. */
  static Counterpart of(PeerQuestion question) {
    return new Counterpart(question.region().id(), question instanceof PeerQuestion.Consents);
  }

  /** Whoever these regions name, whether it may be asked or not. */
  static List<Counterpart> all(Regions regions) {
    return regions.withDemographics().stream()
        .map(Region::id)
        .flatMap(id -> Stream.of(new Counterpart(id, false), new Counterpart(id, true)))
        .toList();
  }

  /** How these regions say that it is asked; empty when it may not be. */
  Optional<Region.Answers> in(Regions regions) {
    Optional<Region> declared =
        region.equals(RegionId.DEMOGRAPHICS) ? regions.demographics() : regions.region(region);
    return (register ? declared.flatMap(Region::register) : declared)
        .filter(Region::mayAnswer)
        .flatMap(Region::answers);
  }
}
