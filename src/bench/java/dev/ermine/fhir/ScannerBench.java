package dev.ermine.fhir;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hl7.fhir.r4.model.Bundle;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * How fast a region's searchset is read and written again, beside two who read the same bytes:
 * Jackson, which makes tokens of them and nothing else, and HAPI, which makes objects. The column
 * {@code megabytes} is what one core reads in a second; with {@code -prof gc} the bytes made for a
 * body are told, and for an entry those through its {@code entries}. It collects garbage as the
 * image does.
 */
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ScannerBench {

  private static final JsonFactory JACKSON = new JsonFactory();
  private static final Slice BEFORE =
      Slice.of("{\"fullUrl\":\"https://gateway.example/regions/r/fhir/Observation/");
  private static final Slice BETWEEN = Slice.of("\",\"resource\":");
  private static final Slice AFTER = Slice.of(",\"search\":{\"mode\":\"match\"}},");

  @Param({"20000", "200000", "2000000"})
  public int size;

  @Param({"record", "prose", "coded"})
  public String kind;

  private final FhirContext hapi = FhirContext.forR4Cached();
  private byte[] body = {};
  private double millions;

  /** What is read in a second. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Read {
    public double megabytes;
  }

  @Setup
  public void write() {
    body = new SearchsetBodies(kind).of(size);
    millions = body.length / 1e6;
    System.out.println(body.length + " bytes, " + read().entries().size() + " entries");
  }

  private PeerBody.Searchset read() {
    return (PeerBody.Searchset) BodyScanner.scan(body, body.length);
  }

  /** Its reading. */
  @Benchmark
  public PeerBody scan(Read read) {
    read.megabytes += millions;
    return read();
  }

  /** Its reading, and its resources in an envelope of ours. */
  @Benchmark
  public byte[] splice(Read read) throws IOException {
    read.megabytes += millions;
    List<Slice> slices = new ArrayList<>();
    for (Entry entry : read().entries()) {
      slices.add(BEFORE);
      slices.add(Slice.of(entry.id().orElseThrow()));
      slices.add(BETWEEN);
      slices.add(entry.resource());
      slices.add(AFTER);
    }
    return written(new Gather(slices));
  }

  private static byte[] written(Gather gather) throws IOException {
    byte[] bytes = new byte[(int) gather.length()];
    int at = 0;
    for (Slice slice : gather.slices()) {
      System.arraycopy(slice.bytes(), slice.from(), bytes, at, slice.length());
      at += slice.length();
    }
    return bytes;
  }

  /** Jackson's tokens. */
  @Benchmark
  public int jackson(Read read) throws IOException {
    read.megabytes += millions;
    int tokens = 0;
    try (JsonParser parser = JACKSON.createParser(body)) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  /** HAPI's objects, and their writing. */
  @Benchmark
  public String hapi(Read read) {
    read.megabytes += millions;
    String text = new String(body, StandardCharsets.UTF_8);
    return hapi.newJsonParser()
        .encodeResourceToString(hapi.newJsonParser().parseResource(Bundle.class, text));
  }
}
