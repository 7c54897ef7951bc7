package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.document.ByteRange;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-0", "bytes=0-499", "bytes=9500-", "bytes=-500", "bytes=-0"})
  void isOneRangeOfBytes(String text) {
    assertThat(RangeHeader.parse(text).map(ByteRange::header)).contains(text);
    assertThat(RangeHeader.parse(text.replace("bytes=", "Bytes= "))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=0-1-2",
        "bytes=1000000000000000000-",
        "lines=0-1",
        "0-1"
      })
  void isIgnoredOtherwise(String text) {
    assertThat(RangeHeader.parse(text)).isEmpty();
  }

  @Test
  void isIgnoredWhenItComesTwiceOrWithAValidator() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Range", "bytes=0-1");
    assertThat(RangeHeader.read(headers)).isPresent();
    assertThat(RangeHeader.read(MultiMap.caseInsensitiveMultiMap())).isEmpty();
    headers.add("If-Range", "\"a\"");
    assertThat(RangeHeader.read(headers)).isEmpty();
    headers.remove("If-Range").add("Range", "bytes=0-2");
    assertThat(RangeHeader.read(headers)).isEmpty();
  }
}
