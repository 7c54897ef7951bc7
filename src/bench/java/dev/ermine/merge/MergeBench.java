package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.fact.Alternates;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.fact.Conflicts;
import dev.ermine.merge.fact.Fact;
import dev.ermine.merge.order.Order;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What one view over eight regions costs, from the bytes of their answers to those of the
 * searchset, and how much of it goes to finding the entries that record one fact. It collects
 * garbage as the image does.
 */
@State(Scope.Benchmark)
@Fork(jvmArgsAppend = "-XX:+UseSerialGC")
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MergeBench {

  private static final int REGIONS = 8;
  private static final String GATEWAY = "https://gateway.example";
  private static final Cut FIFTY = new Cut(Optional.empty(), OptionalInt.of(50), Optional.empty());
  private static final Set<String> TYPES =
      Set.of(
          "Observation",
          "Condition",
          "MedicationStatement",
          "MedicationRequest",
          "Immunization",
          "Encounter",
          "DocumentReference",
          "AllergyIntolerance");

  @Param({"100", "1000", "10000"})
  public int entries;

  private final Merge merge = new Merge(GATEWAY);
  private final FhirQuery query = Given.query("Observation");
  private final FhirQuery byDate =
      new FhirQuery(
          query.types(),
          false,
          ADA,
          List.of(),
          new ResultParameters(
              List.of(new ResultParameters.Sort("date", true)), OptionalInt.empty(), List.of()),
          false,
          List.of());
  private List<byte[]> bodies = List.of();
  private List<List<Placed>> asSent = List.of();
  private Merged merged = merge.merge(query, Sought.byNumber(ADA), List.of(), "request", NOON);

  @Setup
  public void answers() {
    RecordBodies records = new RecordBodies(REGIONS, entries);
    bodies = IntStream.range(0, REGIONS).mapToObj(records::of).toList();
    merged = merged();
    asSent = merged.shares().stream().map(share -> shuffled(share.entries())).toList();
    int linked = merged.alternates().links().size();
    if (merged.released().size() != REGIONS * entries || linked * 4 < merged.released().size()) {
      throw new IllegalStateException("the records are not what they should be: " + linked);
    }
  }

  /** From bytes to bytes, grouping within. */
  @Benchmark
  public long view() throws IOException {
    Counted out = new Counted();
    merged().bundle().writeTo(out);
    return out.bytes;
  }

  /** The same in the order of dates. */
  @Benchmark
  public long viewByDate() throws IOException {
    Counted out = new Counted();
    merged(byDate).bundle().writeTo(out);
    return out.bytes;
  }

  /** From bytes to those of a page of fifty, which is cut from the whole. */
  @Benchmark
  public long page() throws IOException {
    Counted out = new Counted();
    merged().page(FIFTY).merged().bundle().writeTo(out);
    return out.bytes;
  }

  /** What the one order adds. */
  @Benchmark
  public List<Placed> order() {
    Order order = merged.sequence().order();
    for (List<Placed> sent : asSent) {
      order.sorted(sent, placed -> placed.in(order), Placed.COPIES);
    }
    return Sequence.of(order, merged.shares()).matches();
  }

  /** What it adds to a first page that tells of each region what it disclosed. */
  @Benchmark
  public Map<RegionId, Long> digests() {
    return merged.digests();
  }

  /** The reading alone. */
  @Benchmark
  public int scan() {
    int read = 0;
    for (byte[] body : bodies) {
      read += read(body).size();
    }
    return read;
  }

  /** What grouping adds. */
  @Benchmark
  public Alternates group() {
    return Alternates.among(Facts.of(merged.shares()));
  }

  /** What conflicts add to it. */
  @Benchmark
  public List<Conflict> groupAndContradict() {
    List<Fact> facts = Facts.of(merged.shares());
    Alternates.among(facts);
    return Conflicts.among(facts, List.of());
  }

  private Merged merged() {
    return merged(query);
  }

  private Merged merged(FhirQuery query) {
    List<Contribution> contributions = new ArrayList<>();
    for (int region = 0; region < bodies.size(); region++) {
      contributions.add(asked("r" + region, read(bodies.get(region))));
    }
    return merge.merge(query, Sought.byNumber(ADA), contributions, "request", NOON);
  }

  /** No order that a sort could make use of. */
  private static List<Placed> shuffled(List<Placed> entries) {
    List<Placed> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, new Random(7));
    return shuffled;
  }

  private static List<dev.ermine.fhir.Entry> read(byte[] body) {
    return ((PeerBody.Searchset) BodyScanner.scan(body, body.length)).entries();
  }

  private static Contribution asked(String region, List<dev.ermine.fhir.Entry> entries) {
    return new Contribution.Asked(
        Given.region(region),
        List.copyOf(TYPES),
        TYPES,
        List.of(),
        List.of(),
        List.of("DSA"),
        new PeerAnswer.Answered(
            Given.entries(Given.patient(region, "p1", ADA)),
            Map.of("Observation", new PeerAnswer.TypeAnswer.Read(entries, List.of()))),
        Given.SHARES_ALL,
        List.of(),
        Optional.empty());
  }

  private static final class Counted extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int off, int len) {
      bytes += len;
    }
  }
}
