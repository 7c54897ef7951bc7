package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import java.util.List;

/**
 * An entry that may be disclosed, as what it says is compared with what others say.
 *
 * @param region whose answer it came in
 * @param fullUrl where it stands at the gateway: unique among all facts
 * @param medication codes of the Medication that it refers to, where it does and that is at hand
 */
public record Fact(Region region, String fullUrl, Entry entry, List<Coding> medication) {

  public Fact {
    medication = List.copyOf(medication);
  }

  /** Where it comes from and of what type it is, not what it says. */
  @Override
  public String toString() {
    return "Fact[" + region.id() + ", " + entry.type() + "]";
  }
}
