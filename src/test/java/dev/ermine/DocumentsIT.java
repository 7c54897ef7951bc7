package dev.ermine;

import static dev.ermine.testing.DocumentHouse.bytes;
import static dev.ermine.testing.DocumentHouse.head;
import static dev.ermine.testing.DocumentHouse.headOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.DocumentHouse;
import dev.ermine.testing.EvilPeer.Line;
import dev.ermine.testing.EvilPeer.Request;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Documents that pass through the packaged gateway. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DocumentsIT {

  private static final int LARGE = 20_000_000;
  private static final String SLOW = "/regions/london/fhir/Binary/slow";

  @TempDir static Path directory;
  private static final AtomicLong sent = new AtomicLong();
  private static final CountDownLatch mayBegin = new CountDownLatch(1);
  private static DocumentHouse house;

  @BeforeAll
  static void open() {
    house =
        new DocumentHouse(
            directory,
            List.of(
                "BASE/Binary/fast",
                "BASE/Binary/slow",
                "BASE/Binary/awaited",
                "BASE/Binary/cut",
                "STORE/ranged.pdf",
                "STORE/Entlassungsbrief f\\u00fcr Zo\\u00eb \\ud83e\\ude7a.pdf?v=1&q=a%20b",
                "STORE\\/\\u672c\\u6587\\/1.pdf"),
            DocumentsIT::serve,
            List.of("-Xmx256m"));
  }

  @AfterAll
  static void close() throws IOException {
    mayBegin.countDown();
    if (house != null) {
      house.close();
    }
  }

  private static void serve(Line line, Request request) throws IOException {
    String target = request.target();
    if (target.endsWith("/fast")) {
      DocumentHouse.send(line, LARGE, new AtomicLong());
    } else if (target.endsWith("/slow")) {
      DocumentHouse.send(line, LARGE, sent);
    } else if (target.endsWith("/awaited")) {
      line.write(head("200 OK", "Content-Length: 20000"));
      await(() -> mayBegin.getCount() == 0);
      line.write(bytes(0, 20_000));
    } else if (target.endsWith("/cut")) {
      line.write(head("200 OK", "Transfer-Encoding: chunked") + "C350\r\n");
      line.write(bytes(0, 50_000));
      line.write("\r\n");
      line.pause(200);
      line.reset();
    } else if ("bytes=5-14".equals(request.header("Range")) && target.endsWith("/ranged.pdf")) {
      line.write(head("206 Partial Content", "Content-Length: 10", "Content-Range: bytes 5-14/99"));
      line.write(bytes(5, 15));
    } else {
      line.write(head("200 OK", "Content-Length: 99", "Set-Cookie: evil=1"));
      line.write(bytes(0, 99));
    }
  }

  @Test
  @Order(1)
  void comeWholeToAFastReaderBesideASlowOneForWhomTheRegionWaits() throws Exception {
    try (SSLSocket slow = house.asking(SLOW, "slow-1")) {
      assertThat(headOf(slow.getInputStream()))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("Content-Length: " + LARGE);
      HttpResponse<byte[]> fast = read("/regions/london/fhir/Binary/fast");
      assertThat(fast.statusCode()).isEqualTo(200);
      assertThat(fast.body()).isEqualTo(bytes(0, LARGE));
      assertThat(sent).as("what the slow one has not read").hasValueLessThan(LARGE / 2);
      assertThat(underWay()).isEqualTo("1.0");
      assertThat(slow.getInputStream().readNBytes(LARGE)).isEqualTo(bytes(0, LARGE));
    }
    await(() -> underWay().equals("0.0"));
    assertThat(ended("whole")).isEqualTo("2.0");
  }

  @Test
  @Order(2)
  void areSignedAsThingsToBeSaved() {
    HttpResponse<byte[]> found = read(links().get(4));
    assertThat(found.headers().firstValue("Content-Type")).contains("application/pdf");
    assertThat(found.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"document.pdf\"");
    assertThat(found.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(found.headers().firstValue("Content-Security-Policy"))
        .contains("default-src 'none'; sandbox");
    assertThat(found.headers().firstValue("Accept-Ranges")).contains("bytes");
    assertThat(found.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  @Order(3)
  void areGivenInParts() {
    String link = links().get(4);
    HttpResponse<byte[]> passedOn = range(link, "bytes=5-14");
    assertThat(passedOn.statusCode()).isEqualTo(206);
    assertThat(passedOn.headers().firstValue("Content-Range")).contains("bytes 5-14/99");
    assertThat(passedOn.body()).isEqualTo(bytes(5, 15));
    HttpResponse<byte[]> cutOut = range(link, "bytes=-9");
    assertThat(cutOut.statusCode()).isEqualTo(206);
    assertThat(cutOut.headers().firstValue("Content-Range")).contains("bytes 90-98/99");
    assertThat(cutOut.body()).isEqualTo(bytes(90, 99));
    HttpResponse<byte[]> beyond = range(link, "bytes=99-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */99");
    assertThat(range(link, "bytes=0-1,3-4").statusCode()).isEqualTo(200);
  }

  @Test
  @Order(4)
  void areReadByTheLinksThatASearchGives() {
    assertThat(links().subList(4, 7))
        .allSatisfy(
            link -> {
              assertThat(link).startsWith(house.gateway().base() + "/regions/london/documents/");
              assertThat(read(link).body()).isEqualTo(bytes(0, 99));
            });
    assertThat(house.london().requests())
        .extracting(Request::target)
        .contains(
            "/store/Entlassungsbrief%20f%C3%BCr%20Zo%C3%AB%20%F0%9F%A9%BA.pdf?v=1&q=a%20b",
            "/store/%E6%9C%AC%E6%96%87/1.pdf");
  }

  @Test
  @Order(5)
  void areAuditedBeforeTheirFirstByte() throws Exception {
    try (SSLSocket reader = house.asking("/regions/london/fhir/Binary/awaited", "audited-1")) {
      await(() -> house.gateway().auditOf("audited-1").size() == 2);
      assertThat(house.gateway().auditOf("audited-1").getLast().toString())
          .contains("answered 200", "london/Binary/awaited");
      mayBegin.countDown();
      assertThat(headOf(reader.getInputStream())).startsWith("HTTP/1.1 200");
      assertThat(reader.getInputStream().readNBytes(20_000)).isEqualTo(bytes(0, 20_000));
    }
  }

  @Test
  @Order(6)
  void neverLookWholeWhenTheyAreCut() {
    assertThatThrownBy(() -> read("/regions/london/fhir/Binary/cut"))
        .isInstanceOf(java.io.UncheckedIOException.class);
    await(() -> ended("cut").equals("1.0"));
  }

  @Test
  @Order(7)
  void areCutWhenTheirAskerOrTheirRegionIsSuspended() throws Exception {
    try (SSLSocket ours = house.asking(SLOW, "slow-2");
        SSLSocket theirs = house.asking("wessex", SLOW, "slow-3")) {
      assertThat(headOf(ours.getInputStream())).startsWith("HTTP/1.1 200");
      assertThat(headOf(theirs.getInputStream())).startsWith("HTTP/1.1 200");
      house.suspend("wessex");
      await(() -> underWay().equals("1.0"));
      assertThatThrownBy(() -> theirs.getInputStream().readNBytes(LARGE))
          .isInstanceOf(IOException.class);
      assertThat(ours.getInputStream().readNBytes(5_000_000)).isEqualTo(bytes(0, 5_000_000));
      house.suspend("wessex", "london");
      await(() -> underWay().equals("0.0"));
      assertThatThrownBy(() -> ours.getInputStream().readNBytes(LARGE))
          .isInstanceOf(IOException.class);
    }
    assertThat(house.gateway().log())
        .noneMatch(line -> line.path("message").asText().equals("a request failed"));
  }

  private static HttpResponse<byte[]> read(String address) {
    return house.doctor().read(address, Stories.OTHER_SUBJECT);
  }

  private static HttpResponse<byte[]> range(String address, String range) {
    Asker doctor = house.doctor();
    return doctor.send(
        doctor
            .request(address)
            .setHeader("Accept", "*/*")
            .header("Ermine-Patient", Asker.NHS_NUMBER + Stories.OTHER_SUBJECT)
            .header("Range", range));
  }

  private static List<String> links() {
    Answer answer =
        Answer.of(200, house.doctor().search("DocumentReference", Stories.OTHER_SUBJECT));
    return answer.resources("london", "DocumentReference").stream()
        .map((JsonNode each) -> each.at("/content/0/attachment/url").asText())
        .toList();
  }

  private static String underWay() {
    return metric("ermine_documents_open{region=\"london\"}");
  }

  private static String ended(String ending) {
    return metric("ermine_documents_total{ending=\"" + ending + "\",region=\"london\"}");
  }

  private static String metric(String series) {
    return house
        .gateway()
        .told("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(series))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElseThrow();
  }

  private static void await(BooleanSupplier condition) {
    Instant end = Instant.now().plusSeconds(15);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
