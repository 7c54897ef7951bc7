package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.federation.Quality;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.util.function.Supplier;

/** What this pod has found wrong with each region's entries, as officers read it: counts alone. */
public final class QualityFound {

  private static final String THIS_POD =
      "counted by this pod since it began; each pod counts by itself, and an entry each time that it"
          + " is answered with";

  private final Supplier<Regions> live;
  private final Quality quality;

  /**
   * @param live the version of {@code regions.yaml} in force
   */
  public QualityFound(Supplier<Regions> live, Quality quality) {
    this.live = live;
    this.quality = quality;
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("since", quality.since().toString());
    json.put("note", THIS_POD);
    ArrayNode regions = json.putArray("regions");
    live.get().regions().stream()
        .filter(region -> region.answers().isPresent())
        .map(Region::id)
        .forEach(id -> region(regions.addObject(), id));
    return json;
  }

  private void region(ObjectNode json, RegionId id) {
    json.put("id", id.value());
    json.put("seen", quality.seen(id));
    ObjectNode flawed = json.putObject("flawed");
    for (Flaw flaw : Flaw.values()) {
      flawed.put(flaw.id(), quality.flawed(id, flaw));
    }
  }
}
