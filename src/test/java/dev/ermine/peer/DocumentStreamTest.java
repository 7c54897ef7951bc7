package dev.ermine.peer;

import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.document;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.failing;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion.Document.At;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.document.ByteRange;
import dev.ermine.merge.document.Content;
import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.merge.document.OpenDocument.Ending;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.DocumentHouse;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.EvilPeer.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents on their way from a region that does as it likes. */
@Timeout(60)
class DocumentStreamTest {

  private static final int LARGE = 20_000_000;
  private static final Optional<ByteRange> FIVE_TO_NINE =
      Optional.of(new ByteRange.From(5, OptionalLong.of(9)));

  private final Asking asking = new Asking();
  private final Documents documents = asking.peer.documents(new RegionId("london"));

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void arriveByteForByteAndLeaveNothingBehind() throws Exception {
    try (EvilPeer peer = sending(line -> DocumentHouse.send(line, LARGE, new AtomicLong()))) {
      OpenDocument document = open(peer);
      assertThat(document.extent()).isEqualTo(new Extent.Whole(LARGE));
      assertThat(documents.open()).isEqualTo(1);
      assertThat(read(document)).isEqualTo(DocumentHouse.bytes(0, LARGE));
      document.end(Ending.WHOLE);
      assertThat(documents.open()).isZero();
      assertThat(documents.ended(Ending.WHOLE)).isEqualTo(1);
      assertNoConnection();
    }
  }

  @Test
  void waitAtTheRegionUntilTheyAreRead() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (EvilPeer peer = sending(line -> DocumentHouse.send(line, LARGE, sent))) {
      OpenDocument document = open(peer);
      long before = -1;
      while (before != sent.get()) {
        before = sent.get();
        Thread.sleep(300);
      }
      // The region's own system holds some of it.
      assertThat(before).isLessThan(LARGE / 2);
      document.abandon();
      assertThat(peer.lines().getLast().isLeftWithin(10)).isTrue();
      assertThat(documents.ended(Ending.ABANDONED)).isEqualTo(1);
      assertNoConnection();
    }
  }

  @Test
  void areCutWhereTheConnectionIs() throws Exception {
    for (String framing : List.of("Content-Length: 100000", "Transfer-Encoding: chunked")) {
      try (EvilPeer peer =
          sending(
              line -> {
                line.write(DocumentHouse.head("200 OK", framing));
                line.write(framing.startsWith("T") ? "C350\r\n" : "");
                line.write(DocumentHouse.bytes(0, 50_000));
                line.write(framing.startsWith("T") ? "\r\n" : "");
                line.pause(200);
              })) {
        OpenDocument document = open(peer);
        assertThatThrownBy(() -> read(document)).isInstanceOf(IOException.class);
        document.end(Ending.CUT);
        assertNoConnection();
      }
    }
  }

  @Test
  void areCutWhereTheyHaveNoEnd() throws Exception {
    try (EvilPeer peer =
        sending(
            line -> {
              line.write(DocumentHouse.head("200 OK", "Transfer-Encoding: chunked"));
              while (true) {
                line.write("8000\r\n");
                line.write(new byte[0x8000]);
                line.write("\r\n");
              }
            })) {
      OpenDocument document = open(limited(answers(peer.base()), 1_000_000, 8));
      assertThatThrownBy(() -> read(document)).hasMessageContaining("larger than its limit");
      assertThat(peer.lines().getLast().isLeftWithin(10)).isTrue();
      document.end(Ending.CUT);
    }
  }

  @Test
  void areNotBegunWhereTheyAreTooLargeOrDoNotSayWhereTheyEnd() throws Exception {
    try (EvilPeer large =
            sending(line -> line.write(DocumentHouse.head("200 OK", "Content-Length: 1000001")));
        EvilPeer endless =
            sending(line -> line.write(DocumentHouse.head("200 OK", "Connection: close")));
        EvilPeer packed =
            sending(
                line ->
                    line.write(
                        DocumentHouse.head(
                            "200 OK", "Content-Length: 1", "Content-Encoding: gzip")))) {
      assertThat(asking.ask(document(limited(answers(large.base()), 1_000_000, 8), "b1")))
          .isEqualTo(missed(Faults.DOCUMENT_TOO_LARGE));
      assertThat(asking.ask(document(answers(endless.base()), "b1")))
          .isEqualTo(missed(failing("its document does not say where it ends")));
      assertThat(asking.ask(document(answers(packed.base()), "b1")))
          .isEqualTo(missed(failing("compressed, which was not asked for")));
      assertThat(documents.open()).isZero();
    }
  }

  @Test
  void areThrottledWhenThereAreTooMany() throws Exception {
    try (EvilPeer peer = sending(line -> DocumentHouse.send(line, LARGE, new AtomicLong()))) {
      Region.Answers two = limited(answers(peer.base()), LARGE, 2);
      List<OpenDocument> open = new ArrayList<>(List.of(open(two), open(two)));
      assertThat(asking.ask(document(two, "b1")))
          .isEqualTo(missed(new Miss.Throttled(Optional.of(Duration.ofSeconds(1)))));
      open.getFirst().abandon();
      open.add(open(two));
      open.forEach(OpenDocument::abandon);
      assertThat(documents.open()).isZero();
    }
  }

  @Test
  void areCutWhenTheirRegionIsSuspended() throws Exception {
    try (EvilPeer peer = sending(line -> DocumentHouse.send(line, LARGE, new AtomicLong()))) {
      OpenDocument document = open(peer);
      assertThat(document.read(new byte[100])).isPositive();
      asking.peer.follow(regions());
      assertThatThrownBy(() -> read(document)).hasMessageContaining("trust in it has ended");
      document.end(Ending.CUT);
      assertThat(peer.lines().getLast().isLeftWithin(10)).isTrue();
      assertNoConnection();
    }
  }

  @Test
  void goOnWhenTheirRegionIsDeclaredOtherwise() throws Exception {
    try (EvilPeer peer = sending(line -> DocumentHouse.send(line, LARGE, new AtomicLong()))) {
      OpenDocument document = open(peer);
      asking.peer.follow(regions(region(limited(answers(peer.base()), LARGE, 3))));
      assertThat(read(document)).hasSize(LARGE);
      document.end(Ending.WHOLE);
      assertNoConnection();
    }
  }

  @Test
  void areLetGoOfWhenNobodyWaitsForThemAnyMore() throws Exception {
    try (EvilPeer peer =
        sending(
            line -> {
              line.pause(300);
              DocumentHouse.send(line, LARGE, new AtomicLong());
            })) {
      CompletableFuture<PeerAnswer> answer =
          asking
              .peer
              .ask(document(answers(peer.base()), "b1"), Deadline.in(Duration.ofSeconds(9)))
              .toCompletableFuture();
      while (peer.requests().isEmpty()) {
        Thread.sleep(10);
      }
      answer.cancel(true);
      assertThat(peer.lines().getLast().isLeftWithin(10)).isTrue();
      assertNoConnection();
      assertThat(documents.open()).isZero();
    }
  }

  /**
   * A document that comes when its question has just been given up, and before its loop has heard
   * of that: what is noted last of an answer is told first of its end, and the end is held up here
   * until the document is there.
   */
  @Test
  void areLetGoOfWhereTheyComeTooLate() throws Exception {
    CountDownLatch givenUp = new CountDownLatch(1);
    try (EvilPeer peer =
        sending(
            line -> {
              await(givenUp);
              DocumentHouse.send(line, LARGE, new AtomicLong());
            })) {
      CompletableFuture<PeerAnswer> answer =
          asking
              .peer
              .ask(document(answers(peer.base()), "b1"), Deadline.in(Duration.ofSeconds(9)))
              .toCompletableFuture();
      while (peer.requests().isEmpty()) {
        Thread.sleep(10);
      }
      AtomicBoolean left = new AtomicBoolean();
      var _ =
          answer.whenComplete(
              (_, _) -> {
                givenUp.countDown();
                left.set(isLeft(peer.lines().getLast()));
              });
      answer.cancel(true);
      assertThat(left).as("the region is let go of at once").isTrue();
      assertThat(documents.ended(Ending.ABANDONED)).isEqualTo(1);
      assertThat(documents.open()).as("its place is given back").isZero();
      assertNoConnection();
    }
  }

  private static boolean isLeft(EvilPeer.Line line) {
    try {
      return line.isLeftWithin(5);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void comeInPartsWhereTheRegionGivesParts() throws Exception {
    try (EvilPeer peer = parting("bytes 5-9/20", "Content-Length: 5")) {
      OpenDocument part = part(peer);
      assertThat(peer.requests().getFirst().header("Range")).isEqualTo("bytes=5-9");
      assertThat(part.extent()).isEqualTo(new Extent.Part(5, 10, 20));
      assertThat(read(part)).isEqualTo(DocumentHouse.bytes(5, 10));
      part.end(Ending.WHOLE);
    }
  }

  @Test
  void failWhereTheRegionLiesAboutItsPart() throws Exception {
    for (String range :
        List.of(
            "bytes 4-9/20", "bytes 5-9/5", "bytes 9-5/20", "lines 5-9/20", "", "bytes 5-8/20")) {
      try (EvilPeer peer = parting(range, "Content-Length: 5")) {
        assertThat(asking.ask(document(answers(peer.base()), new At.Binary("b1"), FIVE_TO_NINE)))
            .as(range)
            .isEqualTo(missed(failing("its part of the document is not the one asked for")));
      }
    }
    assertThat(documents.open()).isZero();
  }

  @Test
  void areAskedForWholeWhereAPartIsOfNoUse() throws Exception {
    Script script =
        line -> {
          for (Request request = line.next(); request != null; request = line.next()) {
            if (request.header("Range") != null) {
              line.write(DocumentHouse.head("416 Range Not Satisfiable", "Content-Length: 0"));
            } else {
              DocumentHouse.send(line, 7, new AtomicLong());
            }
          }
        };
    try (EvilPeer peer = evil(script);
        EvilPeer unknown = parting("bytes 5-9/*", "Content-Length: 5")) {
      OpenDocument whole = part(peer);
      assertThat(whole.extent()).isEqualTo(new Extent.Whole(7));
      whole.abandon();
      part(unknown).abandon();
      assertThat(unknown.requests().getLast().header("Range")).isNull();
    }
  }

  @Test
  void areAskedForThemselvesWhereTheirBinaryIsTooLargeToBeHeld() throws Exception {
    Script script =
        line -> {
          for (Request request = line.next(); request != null; request = line.next()) {
            if (request.header("Accept").contains("fhir")) {
              line.write(Asking.head("200 OK", 1_000_001));
            } else {
              DocumentHouse.send(line, 2_000_000, new AtomicLong());
            }
          }
        };
    try (EvilPeer peer = evil(script)) {
      OpenDocument document = open(peer);
      assertThat(read(document)).hasSize(2_000_000);
      document.end(Ending.WHOLE);
    }
  }

  @Test
  void areLookedIntoInWhicheverFhirTheyCome() throws Exception {
    String binary = "{\"resourceType\":\"Binary\",\"id\":\"x\",\"data\":\"QQ==\"}";
    String json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 52\r\n\r\n";
    String xml =
        "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+xml\r\nContent-Length: 2\r\n\r\n";
    try (EvilPeer inJson =
            Asking.answering(any -> json.replace("52", "" + binary.length()) + binary);
        EvilPeer inXml = Asking.answering(any -> xml + "<>")) {
      At url = new At.Address(URI.create(inJson.base() + "/odd/1"));
      assertThat(asking.ask(document(answers(inJson.base()), url, Optional.empty())))
          .isEqualTo(
              new PeerAnswer.Document(new Content.Wrapped(Slice.of(binary)), Optional.empty()));
      assertThat(inJson.requests().getFirst().target()).isEqualTo("/fhir/odd/1");
      assertThat(asking.ask(document(answers(inXml.base()), "x")))
          .isEqualTo(missed(failing("its answer is not FHIR in JSON")));
    }
  }

  private static EvilPeer sending(Script answer) {
    return evil(
        line -> {
          if (line.next() != null) {
            answer.serve(line);
          }
        });
  }

  /** It gives the first five bytes after the fifth, and says that they are those. */
  private static EvilPeer parting(String range, String length) {
    return evil(
        line -> {
          for (Request request = line.next(); request != null; request = line.next()) {
            if (request.header("Range") == null) {
              DocumentHouse.send(line, 20, new AtomicLong());
            } else {
              line.write(
                  DocumentHouse.head("206 Partial Content", length, "Content-Range: " + range));
              line.write(DocumentHouse.bytes(5, 10));
            }
          }
        });
  }

  private OpenDocument open(EvilPeer peer) {
    return open(limited(answers(peer.base()), LARGE, 8));
  }

  private OpenDocument open(Region.Answers answers) {
    return opened(asking.ask(document(answers, "b1")));
  }

  private OpenDocument part(EvilPeer peer) {
    return opened(asking.ask(document(answers(peer.base()), new At.Binary("b1"), FIVE_TO_NINE)));
  }

  private static OpenDocument opened(PeerAnswer answer) {
    assertThat(answer).isInstanceOf(PeerAnswer.Document.class);
    return (OpenDocument) ((PeerAnswer.Document) answer).content();
  }

  private static byte[] read(OpenDocument document) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] some = new byte[10_000];
    for (int n = document.read(some); n >= 0; n = document.read(some)) {
      out.write(some, 0, n);
    }
    return out.toByteArray();
  }

  private static Region.Answers limited(Region.Answers answers, long document, int documents) {
    Limits usual = answers.limits();
    return Asking.with(
        answers,
        new Limits(
            usual.connections(),
            usual.bytes(),
            usual.entries(),
            usual.pages(),
            usual.rate(),
            usual.queries(),
            document,
            documents));
  }

  private void assertNoConnection() throws InterruptedException {
    Connections connections = asking.peer.connections(new RegionId("london"));
    Instant end = Instant.now().plusSeconds(10);
    while (connections.open() > 0) {
      assertThat(Instant.now()).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static Regions regions(Region... regions) {
    return new Regions(
        2,
        "0".repeat(64),
        new Regions.Gateway("ermine-test", new Organisation("QM7", "HWE"), Duration.ofSeconds(40)),
        List.of(regions),
        List.of(),
        List.of());
  }
}
