package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An entry that may be disclosed, as what it says is compared with what others say. */
public final class Fact {

  private final Region region;
  private final String fullUrl;
  private final Entry entry;
  private final List<Coding> medication;
  private final List<Coding> subject;
  private final AtomicReference<@Nullable Clinical> says = new AtomicReference<>();

  /**
   * @param region whose answer it came in
   * @param fullUrl where it stands at the gateway: unique among all facts
   * @param medication codes of the Medication that it refers to, where it does and that is at hand
   */
  public Fact(Region region, String fullUrl, Entry entry, List<Coding> medication) {
    this.region = region;
    this.fullUrl = fullUrl;
    this.entry = entry;
    this.medication = List.copyOf(medication);
    this.subject = Subject.of(this);
  }

  public Region region() {
    return region;
  }

  public String fullUrl() {
    return fullUrl;
  }

  public Entry entry() {
    return entry;
  }

  public List<Coding> medication() {
    return medication;
  }

  /** The codes of what it is about: {@link Subject}. */
  List<Coding> subject() {
    return subject;
  }

  /** What it says beyond its codes and dates: read when it is first asked for, and once. */
  Clinical says() {
    Clinical known = says.get();
    if (known == null) {
      known = Clinical.of(entry);
      says.set(known);
    }
    return known;
  }

  /** Where it comes from and of what type it is, not what it says. */
  @Override
  public String toString() {
    return "Fact[" + region.id() + ", " + entry.type() + "]";
  }
}
