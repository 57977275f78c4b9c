package bhashatts

import (
	"encoding/json"
	"math"
	"strings"
	"time"
)

// What the library tells as JSON has its units in the members' names. Here they become Go's: money
// millionths of a dollar, durations a time.Duration, points in time a time.Time. So the structs are
// plain, and there is one place that knows; members that are not known here are left out.

// units says what a name's ending means.
var units = []struct {
	suffix, name string
	scale        float64
}{
	{"_usd_month", "MonthMicroUSD", 1e6},
	{"_usd", "MicroUSD", 1e6},
	{"_ms", "", float64(time.Millisecond)},
	{"_us", "", float64(time.Microsecond)},
	{"estimated_time", "ReadyIn", float64(time.Second)},
}

// moments are points in time, and what they count.
var moments = map[string]time.Duration{
	"created_at": time.Second, "last_accessed_at": time.Second, "at_ms": time.Millisecond}

// decode reads JSON into a struct whose fields have the members' names without "_".
func decode(text string, to any) error {
	var tree any
	reader := json.NewDecoder(strings.NewReader(text))
	reader.UseNumber() // a float64 has no room for an ID
	err := reader.Decode(&tree)
	if err == nil {
		var plain []byte
		if plain, err = json.Marshal(converted(tree)); err == nil {
			err = json.Unmarshal(plain, to)
		}
	}
	if err != nil {
		return &Error{Code: ErrInternal, Message: "the library's JSON is not understood",
			Detail: err.Error()}
	}
	return nil
}

func converted(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = converted(value[i])
		}
	case map[string]any:
		return convertedMembers(value)
	}
	return value
}

func convertedMembers(members map[string]any) map[string]any {
	result := make(map[string]any, len(members))
	for name, value := range members {
		if name != "requests" && name != "descriptions" { // whose names are data
			value = converted(value)
		}
		name, value = inUnits(name, value)
		result[strings.ReplaceAll(name, "_", "")] = value
	}
	return result
}

func inUnits(name string, value any) (string, any) {
	digits, isNumber := value.(json.Number)
	if !isNumber {
		return name, value
	}
	number, err := digits.Float64()
	if err != nil {
		return name, value // which no field has room for: the reading fails
	}
	if unit, ok := moments[name]; ok {
		return strings.TrimSuffix(name, "_ms"), moment(number, unit)
	}
	for _, unit := range units {
		if strings.HasSuffix(name, unit.suffix) {
			return strings.TrimSuffix(name, unit.suffix) + unit.name,
				int64(math.Round(number * unit.scale))
		}
	}
	return name, plain(digits, number)
}

// plain is a number as it is written; but 2.0 as 2, for a field of whole numbers.
func plain(digits json.Number, number float64) any {
	if strings.ContainsAny(digits.String(), ".eE") && number == math.Trunc(number) {
		return number
	}
	return digits
}

// moment is the zero time for 0, which stands for never.
func moment(number float64, unit time.Duration) time.Time {
	if number == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(number)*int64(unit))
}
