package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTypesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "application/pdf ! application/pdf ! document.pdf",
        "Application/PDF ! application/pdf ! document.pdf",
        "image/tiff ! image/tiff ! document.tiff",
        "Text/Plain; charset=UTF-8 ! text/plain;charset=utf-8 ! document.txt",
        "application/hl7-v3+xml ! application/hl7-v3+xml ! document.xml",
        "application/msword ! application/msword ! document.doc",
      })
  void areThoseThatAreListed(String contentType, String type, String fileName) {
    assertThat(DocumentTypes.of(contentType)).isEqualTo(type);
    assertThat(DocumentTypes.fileName(contentType)).isEqualTo(fileName);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "text/html; charset=utf-8",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/javascript",
        "application/x-msdownload",
        "application/pdf; a=b",
        "application/pdf, text/html",
        "application/pdf\r\nSet-Cookie: a=b",
        "x",
        ""
      })
  void areBytesOtherwise(String contentType) {
    assertThat(DocumentTypes.of(contentType)).isEqualTo("application/octet-stream");
    assertThat(DocumentTypes.fileName(contentType)).isEqualTo("document.bin");
  }
}
