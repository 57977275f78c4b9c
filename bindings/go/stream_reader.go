package bhashatts

// A stream as bytes, for a web server that has a player on the other side and wants no second protocol.

import (
	"bytes"
	"encoding/binary"
	"io"
	"time"
)

// Reader gives the stream as one that a player understands, each utterance as soon as it is there:
//
//   - MP3 and Opus: the utterances' files one behind the other, which both formats allow; the pauses
//     between them are not in it.
//   - WAV: one header, whose length says "to the end of the stream", and the samples, with silence for
//     the pauses.
//   - FLAC cannot be joined so: reading fails with ErrNotSupported.
//
// Reading fails as Next does. Closing the Stream ends it. Do not mix it with Next.
func (s *Stream) Reader() io.Reader {
	reader := &streamReader{stream: s, part: bytes.NewReader(nil), take: whole}
	switch s.format {
	case 0, WAV:
		reader.take = (&wavJoin{}).take
	case FLAC:
		reader.err = &Error{Code: ErrNotSupported,
			Message: "FLAC files cannot be joined to a stream; ask for WAV, MP3 or Opus"}
	}
	return reader
}

type streamReader struct {
	stream *Stream
	take   func(*Utterance) ([]byte, error) // what of it goes into the stream
	part   *bytes.Reader
	err    error
}

func (r *streamReader) Read(to []byte) (int, error) {
	for r.part.Len() == 0 && r.err == nil {
		r.err = r.fetch()
	}
	if r.part.Len() == 0 {
		return 0, r.err
	}
	return r.part.Read(to)
}

func (r *streamReader) fetch() error {
	utterance, err := r.stream.Next()
	if err != nil {
		return err
	}
	defer utterance.Close()
	part, err := r.take(utterance)
	r.part = bytes.NewReader(part)
	return err
}

func whole(utterance *Utterance) ([]byte, error) { return utterance.Bytes(), nil }

// A wavJoin makes one WAV stream of WAV files.
type wavJoin struct {
	format []byte // of the first one; nil: nothing was written yet
}

const wavFormatSize = 16 // of PCM

func (j *wavJoin) take(utterance *Utterance) ([]byte, error) {
	format, samples, err := wavParts(utterance.Bytes())
	if err != nil {
		return nil, err
	}
	if j.format == nil {
		j.format = format
		samples = append(wavHeader(format), samples...)
	} else if !bytes.Equal(format, j.format) {
		return nil, &Error{Code: ErrNotSupported,
			Message: "the utterances' sample rates differ; ask for MP3 or Opus, or use Next"}
	}
	return append(samples, silence(format, utterance.PauseAfter)...), nil
}

// wavHeader is one of a length that is not known.
func wavHeader(format []byte) []byte {
	const unknown = "\xff\xff\xff\xff"
	header := append([]byte("RIFF"+unknown+"WAVEfmt \x10\x00\x00\x00"), format...)
	return append(header, "data"+unknown...)
}

func silence(format []byte, pause time.Duration) []byte {
	rate := int64(binary.LittleEndian.Uint32(format[4:]))
	frame := int64(binary.LittleEndian.Uint16(format[12:]))
	return make([]byte, rate*pause.Milliseconds()/1000*frame)
}

// wavParts finds the format and the samples of a WAV file.
func wavParts(file []byte) (format, samples []byte, err error) {
	for at := 12; at+8 <= len(file); {
		size := int(binary.LittleEndian.Uint32(file[at+4:]))
		chunk := file[at+8:]
		if size < 0 || size > len(chunk) {
			break
		}
		switch string(file[at : at+4]) {
		case "fmt ":
			format = chunk[:size]
		case "data":
			samples = chunk[:size]
		}
		at += 8 + size + size%2
	}
	if len(format) < wavFormatSize || samples == nil {
		return nil, nil, &Error{Code: ErrInternal, Message: "the utterance is no WAV file"}
	}
	return format[:wavFormatSize], samples, nil
}
