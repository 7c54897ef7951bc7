package dev.ermine.region;

import dev.ermine.region.Sources.Content;
import dev.ermine.region.Suspensions.Suspended;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The file in which officers suspend regions at once, on its way into {@link Suspensions}. */
final class SuspensionsFile {

  /** What came of reading it: all of it, or every fault that it has. */
  sealed interface Reading {

    record Loaded(Suspensions suspensions) implements Reading {}

    record Faulty(List<Fault> faults) implements Reading {}
  }

  private SuspensionsFile() {}

  static Reading read(Content content) {
    Faults faults = new Faults(Fault.SUSPENSIONS);
    Optional<Place> root =
        RegionsFile.text(content, faults)
            .flatMap(text -> YamlTree.read(text, faults))
            .map(Place::root);
    root.ifPresent(place -> FileSchema.SUSPENSIONS.check(place.node(), faults));
    return root.isPresent() && faults.none() && content instanceof Content.Read read
        ? new Reading.Loaded(suspensions(root.get(), Hash.hex(read.bytes()), faults))
        : new Reading.Faulty(faults.sorted());
  }

  private static Suspensions suspensions(Place root, String hash, Faults lines) {
    Map<RegionId, Suspended> suspended = new LinkedHashMap<>();
    for (Place region : root.member("suspended").members()) {
      suspended.put(
          new RegionId(region.key()), new Suspended(region.text(), lines.line(region.at())));
    }
    return new Suspensions(root.member("serial").node().asInt(), hash, suspended, Set.of());
  }
}
