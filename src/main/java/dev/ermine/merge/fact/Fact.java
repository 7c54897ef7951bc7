package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An entry that may be disclosed, as what it says is compared with what others say. */
public final class Fact {

  private final Region region;
  private final String fullUrl;
  private final Entry entry;
  private final String type;
  private final List<Coding> medication;
  private final List<Coding> subject;
  private final Optional<Moment> moment;
  private final Optional<Denial> denial;
  private final long[] ties;
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
    this.type = entry.type();
    this.medication = List.copyOf(medication);
    this.subject = Subject.of(this);
    this.moment = Moment.of(entry);
    this.denial = Denial.by(this);
    this.ties = new Candidate(this).ties();
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

  String type() {
    return type;
  }

  public List<Coding> medication() {
    return medication;
  }

  /** The codes of what it is about: {@link Subject}. */
  List<Coding> subject() {
    return subject;
  }

  /** When what it tells of was. */
  Optional<Moment> moment() {
    return moment;
  }

  /** What it denies, if anything. */
  Optional<Denial> denial() {
    return denial;
  }

  /** Hashes of what ties it to others: {@link Candidate#ties}. */
  long[] ties() {
    return ties;
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
